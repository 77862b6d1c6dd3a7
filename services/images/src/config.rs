//! How images is configured.

use std::time::Duration;

use pupila_db::DatabaseConfig;
use pupila_imaging::Limits;
use pupila_runtime::{config::Validate, cpu_pool::CpuPoolConfig};
use pupila_storage::StorageConfig;
use serde::Deserialize;

use crate::{
    archives::PIECE,
    renditions::{CacheRoom, Presets, PresetsConfig},
};

/// The `images` section of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImagesConfig {
    /// Where the rows are kept.
    pub database: DatabaseConfig,
    /// Where the bytes are kept.
    pub storage: StorageConfig,
    /// Bytes that a user may store for whom an administrator set nothing else.
    pub quota_bytes: u64,
    /// What an image may cost.
    pub limits: LimitsConfig,
    /// How many images are worked on at once.
    pub pool: CpuPoolConfig,
    /// When the store is swept.
    pub sweep: SweepConfig,
    /// Renditions by name.
    pub presets: PresetsConfig,
}

/// `[images.limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Most bytes of a file.
    pub max_image_bytes: u64,
    /// Most bytes of a ZIP that waits to be unpacked. 100 MiB by default, so that 100 MB fit whoever counts.
    pub max_archive_bytes: u64,
    /// Most pixels of an image, and of a rendition.
    pub max_image_pixels: u64,
    /// Most bytes that decoding one image may allocate.
    pub max_image_memory: u64,
    /// Most bytes of files in memory at once; more are refused.
    pub max_buffered_bytes: u64,
    /// Renditions that are kept of one image; more are made, but not kept.
    pub max_renditions_kept: usize,
    /// Bytes of all renditions that are kept of one image, or as many as its file has where those are more.
    pub max_rendition_bytes_kept: u64,
}

/// `[images.sweep]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SweepConfig {
    /// Between two sweeps of the whole store; 0 for never.
    pub interval_seconds: u64,
    /// Objects that are younger are left alone, because their upload may not be finished.
    pub grace_seconds: u64,
    /// Renditions that were made longer ago are deleted.
    pub rendition_days: u32,
}

impl SweepConfig {
    /// Between two sweeps; `None` for never.
    pub(crate) fn interval(&self) -> Option<Duration> {
        (self.interval_seconds > 0).then(|| Duration::from_secs(self.interval_seconds))
    }
}

impl LimitsConfig {
    /// The limits that images are decoded under.
    pub(crate) fn image(&self) -> Limits {
        Limits {
            max_bytes: self.max_image_bytes,
            max_pixels: self.max_image_pixels,
            max_alloc: self.max_image_memory,
        }
    }

    /// What is kept of the renditions of one image.
    pub(crate) fn renditions(&self) -> CacheRoom {
        CacheRoom {
            count: self.max_renditions_kept,
            bytes: self.max_rendition_bytes_kept,
        }
    }
}

impl Default for ImagesConfig {
    fn default() -> Self {
        Self {
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            quota_bytes: 10 << 30,
            limits: LimitsConfig::default(),
            pool: CpuPoolConfig::default(),
            sweep: SweepConfig::default(),
            presets: PresetsConfig::default(),
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            max_image_bytes: limits.max_bytes,
            max_archive_bytes: 100 << 20,
            max_image_pixels: limits.max_pixels,
            max_image_memory: limits.max_alloc,
            max_buffered_bytes: 256 << 20,
            max_renditions_kept: 200,
            max_rendition_bytes_kept: 16 << 20,
        }
    }
}

impl Default for SweepConfig {
    fn default() -> Self {
        Self {
            interval_seconds: 6 * 60 * 60,
            grace_seconds: 60 * 60,
            rendition_days: 30,
        }
    }
}

impl Validate for ImagesConfig {
    fn faults(&self) -> Vec<String> {
        let database = self.database.faults().into_iter();
        let storage = self.storage.faults().into_iter();
        let presets = Presets::new(&self.presets).err().unwrap_or_default();
        [
            database.map(|fault| format!("database.{fault}")).collect(),
            storage.map(|fault| format!("storage.{fault}")).collect(),
            self.limits.faults(),
            self.pool.faults("pool"),
            presets
                .into_iter()
                .map(|fault| format!("presets.{fault}"))
                .collect(),
        ]
        .concat()
        .into_iter()
        .map(|fault: String| format!("images.{fault}"))
        .collect()
    }
}

impl LimitsConfig {
    fn faults(&self) -> Vec<String> {
        let limits = [
            ("max_image_bytes", self.max_image_bytes),
            ("max_archive_bytes", self.max_archive_bytes),
            ("max_image_pixels", self.max_image_pixels),
            ("max_image_memory", self.max_image_memory),
        ];
        let mut faults: Vec<_> = limits
            .into_iter()
            .filter(|(_, value)| *value == 0)
            .map(|(name, _)| format!("limits.{name}: must be at least 1"))
            .collect();
        // A file whose place is taken out on its way is there twice; and nobody may hold more than half.
        let least = self.max_image_bytes.max(PIECE).saturating_mul(2);
        if self.max_buffered_bytes < least {
            faults.push(format!(
                "limits.max_buffered_bytes: must be at least {least}, twice max_image_bytes and twice a piece of an archive"
            ));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "database.url = 'sqlite://a.db'\nstorage.path = 'a'\n";

    fn faults(text: &str) -> Vec<String> {
        let config: ImagesConfig = toml::from_str(&format!("{WHOLE}{text}")).expect("valid TOML");
        config.faults()
    }

    #[test]
    fn two_places_are_enough() {
        assert_eq!(faults(""), [""; 0]);
        let nowhere = ImagesConfig::default().faults();
        assert_eq!(nowhere.len(), 2, "{nowhere:?}");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = faults(
            "limits.max_image_pixels = 0\nlimits.max_buffered_bytes = 1\npool.workers = 0\npool.queue = 1_000_000\n\
             presets.huge.width = 0",
        );
        let fields: Vec<_> = faults
            .iter()
            .filter_map(|fault| fault.split(':').next())
            .collect();
        assert_eq!(
            fields,
            [
                "images.limits.max_image_pixels",
                "images.limits.max_buffered_bytes",
                "images.pool.workers",
                "images.pool.queue",
                "images.presets.huge.width"
            ]
        );
        assert!(toml::from_str::<ImagesConfig>("quota = 1").is_err());
    }
}
