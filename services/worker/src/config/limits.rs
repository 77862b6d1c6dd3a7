//! What an image may cost.

use std::{num::NonZero, thread::available_parallelism};

use pupila_imaging::Limits;
use serde::Deserialize;

/// Files of the largest size that a task holds at once at most: an image, what is made of it, and all that is laid over it.
const FILES_PER_TASK: u64 = 3;
/// Least bytes of files in memory at once, unless it is configured.
const MIN_BUFFERED: u64 = 128 << 20;

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
    /// Most bytes of files in memory at once; tasks wait for their turn. 128 MiB by default, or two of the largest images a core.
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
        if self.max_buffered_bytes < self.max_image_bytes.saturating_mul(FILES_PER_TASK) {
            faults.push(format!(
                "limits.max_buffered_bytes: must be at least {FILES_PER_TASK} times max_image_bytes, as much as a task may need"
            ));
        }
        faults
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let limits = Limits::default();
        let cores = available_parallelism().map_or(1, NonZero::get) as u64;
        // So that no core waits for room: an image that is worked on, and what is made of it.
        let buffered = cores.saturating_mul(2).saturating_mul(limits.max_bytes);
        Self {
            max_image_bytes: limits.max_bytes,
            max_image_pixels: limits.max_pixels,
            max_image_memory: limits.max_alloc,
            max_buffered_bytes: buffered.max(MIN_BUFFERED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_task_has_its_turn() {
        let limits = |buffered| LimitsConfig {
            max_image_bytes: 100,
            max_buffered_bytes: buffered,
            ..LimitsConfig::default()
        };
        assert_eq!(limits(300).faults(), [""; 0]);
        assert_eq!(limits(299).faults().len(), 1);
    }
}
