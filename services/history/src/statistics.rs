//! Counts over predictions.

use jiff::civil::Date;

/// Counts over the predictions that pass a filter, all of the same moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statistics {
    /// Per model and version, by name and version.
    pub models: Vec<ModelCount>,
    /// Per model and label, by name and label.
    pub labels: Vec<LabelCount>,
    /// Per UTC day, the oldest first; days without a prediction are left out.
    pub days: Vec<DayCount>,
}

/// Predictions of one version of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCount {
    /// The model's name.
    pub model: String,
    /// The model's version.
    pub version: u32,
    /// How many.
    pub count: u64,
    /// Mean time of the model itself, in microseconds.
    pub mean_infer_us: f64,
}

/// Predictions that decided on one label.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelCount {
    /// The model's name.
    pub model: String,
    /// The label.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Mean score of the label, 0..=1.
    pub mean_score: f64,
}

/// Predictions of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// The day, in UTC.
    pub date: Date,
    /// How many.
    pub count: u64,
}

impl Statistics {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.models.iter().map(|model| model.count).sum()
    }
}
