//! What came out of a job, counted.

use pupila_proto::history::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::Job;

/// What came out of a job, counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Report {
    /// The job.
    job: Job,
    /// How many items have which label, by step and then the most frequent first.
    labels: Vec<LabelTally>,
    /// How many items failed for which reason, the most frequent first.
    failures: Vec<ReasonTally>,
}

/// Items with one label.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelTally {
    /// The place of the model's step, from 0.
    step: u32,
    /// The model.
    #[schema(example = "pneumonia")]
    model: String,
    /// The label.
    #[schema(example = "PNEUMONIA")]
    label: String,
    /// How many items.
    count: u64,
    /// Mean score of the label, 0..1.
    mean_score: f64,
}

/// Items that failed for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonTally {
    /// A stable name in upper snake case; `docs/errors.md` lists them.
    #[schema(example = "IMAGE_UNREADABLE")]
    code: String,
    /// How many items.
    count: u64,
}

impl From<proto::GetReportResponse> for Report {
    fn from(report: proto::GetReportResponse) -> Self {
        Self {
            job: report.job.unwrap_or_default().into(),
            labels: report.labels.into_iter().map(LabelTally::from).collect(),
            failures: report.failures.into_iter().map(ReasonTally::from).collect(),
        }
    }
}

impl From<proto::LabelTally> for LabelTally {
    fn from(tally: proto::LabelTally) -> Self {
        Self {
            step: tally.step,
            model: tally.model,
            label: tally.label,
            count: tally.count,
            mean_score: tally.mean_score,
        }
    }
}

impl From<proto::ReasonTally> for ReasonTally {
    fn from(tally: proto::ReasonTally) -> Self {
        Self {
            code: tally.reason,
            count: tally.count,
        }
    }
}
