//! The service's configuration.

use std::path::PathBuf;

use pupila_imaging::Limits;
use pupila_runtime::{config::Validate, cpu_pool::CpuPoolConfig};
use serde::Deserialize;

use crate::repository::FolderRepository;

/// `[inference]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InferenceConfig {
    /// Where models come from.
    pub models: ModelsConfig,
    /// How many predictions run and wait at once.
    pub pool: CpuPoolConfig,
    /// What an image may cost.
    pub limits: LimitsConfig,
}

/// `[inference.models]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelsConfig {
    /// A repository folder (`<name>/model.toml`, `<name>/<version>/model.onnx`), the folder of one model, or the
    /// ONNX file of one version inside such a folder, which pins that version.
    pub path: Option<PathBuf>,
    /// Whether the models inside the binary are offered too. A model of the folder hides a bundled one of its name.
    pub bundled: bool,
    /// The model for callers that name none. Else the model that `path` leads to, else the only model, else `pneumonia`.
    pub default_model: Option<String>,
}

/// `[inference.limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Most bytes of an image file.
    pub max_image_bytes: u64,
    /// Most pixels of an image.
    pub max_image_pixels: u64,
    /// Most bytes that decoding one image may allocate.
    pub max_image_memory: u64,
}

impl LimitsConfig {
    /// The limits that images are decoded under.
    #[must_use]
    pub fn image(&self) -> Limits {
        Limits {
            max_bytes: self.max_image_bytes,
            max_pixels: self.max_image_pixels,
            max_alloc: self.max_image_memory,
        }
    }
}

impl Default for ModelsConfig {
    fn default() -> Self {
        Self {
            path: None,
            bundled: true,
            default_model: None,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            max_image_bytes: limits.max_bytes,
            max_image_pixels: limits.max_pixels,
            max_image_memory: limits.max_alloc,
        }
    }
}

impl Validate for InferenceConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(path) = &self.models.path
            && let Err(error) = FolderRepository::open(path)
        {
            faults.push(format!("inference.models.path: {error}"));
        }
        if self.models.path.is_none() && !self.models.bundled {
            faults.push("inference.models.path: needed where bundled is false".to_owned());
        }
        faults.extend(self.pool.faults("inference.pool"));
        let limits = [
            ("max_image_bytes", self.limits.max_image_bytes),
            ("max_image_pixels", self.limits.max_image_pixels),
            ("max_image_memory", self.limits.max_image_memory),
        ];
        for (name, value) in limits {
            if value == 0 {
                faults.push(format!("inference.limits.{name}: must be at least 1"));
            }
        }
        faults
    }
}
