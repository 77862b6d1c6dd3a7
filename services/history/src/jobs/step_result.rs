//! What came out of the steps.

use pupila_core::{ImageId, PredictionId};

/// What came out of a step, or of operations in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct StepResult {
    /// The place of the last step that it comes from, from 0.
    pub step: u32,
    /// What came out.
    pub product: Product,
}

/// What a step brings forth.
#[derive(Debug, Clone, PartialEq)]
pub enum Product {
    /// An image that was made.
    Image(DerivedImage),
    /// A prediction that was recorded.
    Prediction(RecordedPrediction),
}

/// An image that was made and belongs to the job's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedImage {
    /// Which.
    pub id: ImageId,
    /// Its name.
    pub name: String,
    /// Its format, such as `jpeg`.
    pub format: String,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// A recorded prediction, in short.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedPrediction {
    /// Which.
    pub id: PredictionId,
    /// The model.
    pub model: String,
    /// Its version, from 1.
    pub version: u32,
    /// The label decided on.
    pub label: String,
    /// The label's calibrated probability, 0..=1.
    pub score: f64,
}
