//! What is done to each image of a job.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One thing that is done to an image. Whether such an operation or model exists was for others to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Makes another image. Operations in a row make one image together; what follows them sees that image.
    Operation {
        /// Its name, such as `resize`.
        name: String,
        /// Values by parameter name, as text.
        parameters: BTreeMap<String, String>,
    },
    /// Asks a model.
    Model {
        /// The model's name.
        model: String,
        /// Its version, from 1.
        version: u32,
        /// Values by parameter name, as text.
        parameters: BTreeMap<String, String>,
    },
}
