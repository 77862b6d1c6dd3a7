//! Counts over what came out of a job.

/// What a job found, and what it did not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// How many items have which label: by step, then the most frequent first.
    pub labels: Vec<LabelTally>,
    /// How many items failed for which reason, the most frequent first.
    pub failures: Vec<ReasonTally>,
}

/// Items with one label.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelTally {
    /// The place of the model's step, from 0.
    pub step: u32,
    /// The model.
    pub model: String,
    /// The label.
    pub label: String,
    /// How many items.
    pub count: u64,
    /// Mean score of the label, 0..1.
    pub mean_score: f64,
}

/// Items that failed for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonTally {
    /// Stable, such as `IMAGE_UNREADABLE`.
    pub reason: String,
    /// How many items.
    pub count: u64,
}
