//! What an image may cost.

use pupila_imaging::Limits;
use serde::Deserialize;

/// `[worker.limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Most bytes of a file.
    pub max_image_bytes: u64,
    /// Most pixels of an image, and of what is made of it.
    pub max_image_pixels: u64,
    /// Most bytes that decoding one image may allocate.
    pub max_image_memory: u64,
    /// Most bytes of files in memory at once; tasks wait for their turn.
    pub max_buffered_bytes: u64,
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

    pub(super) fn faults(&self) -> Vec<String> {
        let limits = [
            ("max_image_bytes", self.max_image_bytes),
            ("max_image_pixels", self.max_image_pixels),
            ("max_image_memory", self.max_image_memory),
        ];
        let mut faults: Vec<_> = limits
            .into_iter()
            .filter(|(_, value)| *value == 0)
            .map(|(name, _)| format!("limits.{name}: must be at least 1"))
            .collect();
        if self.max_buffered_bytes < self.max_image_bytes {
            faults.push(
                "limits.max_buffered_bytes: must be at least max_image_bytes, or the largest image never has its turn"
                    .to_owned(),
            );
        }
        faults
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            max_image_bytes: limits.max_bytes,
            max_image_pixels: limits.max_pixels,
            max_image_memory: limits.max_alloc,
            max_buffered_bytes: 128 << 20,
        }
    }
}
