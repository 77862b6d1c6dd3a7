//! Which image is which file.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What images are called in a ZIP file, by their ids: those that are in it so far.
#[derive(Debug, Clone, Default)]
pub(in crate::routes::jobs) struct Packed(Arc<Mutex<HashMap<String, String>>>);

impl Packed {
    pub(super) fn insert(&self, image_id: String, name: String) {
        self.names().insert(image_id, name);
    }

    /// The file of an image; `None` where it is not in the ZIP file.
    pub(in crate::routes::jobs) fn name(&self, image_id: &str) -> Option<String> {
        self.names().get(image_id).cloned()
    }

    fn names(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
