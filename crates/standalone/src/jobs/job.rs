//! Jobs as the server tells them; what a command does not show is left out.

use std::fmt;

use jiff::Timestamp;
use pupila_core::JobId;
use serde::Deserialize;
use serde_json::Value;

/// How far a job or an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum State {
    /// Waits for a worker.
    Queued,
    /// Is worked on.
    Running,
    /// Done.
    Succeeded,
    /// Given up.
    Failed,
    /// Called off.
    Cancelled,
}

impl State {
    /// As in the API.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// As people are told.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "processing",
            Self::Succeeded => "ready",
            Self::Failed => "error",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) const fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// A job.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Job {
    pub(super) id: JobId,
    #[serde(default)]
    pub(super) name: String,
    pub(super) state: State,
    pub(super) counts: Counts,
    /// More items come.
    #[serde(default)]
    pub(super) unpacking: bool,
    pub(super) failure: Option<Failure>,
    pub(super) create_time: Timestamp,
}

/// How many items are how far.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Counts {
    pub(super) total: u64,
    pub(super) succeeded: u64,
    pub(super) failed: u64,
    pub(super) cancelled: u64,
}

impl Counts {
    pub(super) const fn ended(&self) -> u64 {
        self.succeeded + self.failed + self.cancelled
    }
}

/// An image of a job.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Item {
    pub(super) position: u32,
    pub(super) filename: String,
    pub(super) state: State,
    pub(super) failure: Option<Failure>,
    #[serde(default)]
    pub(super) results: Vec<StepResult>,
}

/// Why something did not work.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Failure {
    pub(super) code: String,
    pub(super) detail: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.code)
    }
}

/// What came out of a step.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct StepResult {
    pub(super) image: Option<DerivedImage>,
    pub(super) prediction: Option<RecordedPrediction>,
}

/// An image that was made.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct DerivedImage {
    pub(super) image_id: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) format: String,
}

/// A prediction that was recorded.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RecordedPrediction {
    pub(super) label: String,
    pub(super) score: f64,
}

/// A page of a list, each entry as it came and not only what a command knows of it.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    #[serde(default)]
    pub(super) next_page_token: String,
}
