//! Statistics over predictions.

use pupila_proto::history::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

/// Counts over the predictions that pass the filter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Statistics {
    /// All of them.
    total: u64,
    /// Per model and version.
    models: Vec<ModelCount>,
    /// Per model and label.
    labels: Vec<LabelCount>,
    /// Per UTC day, the oldest first; days without a prediction are left out.
    days: Vec<DayCount>,
}

/// Predictions of one version of a model.
#[derive(Debug, Serialize, ToSchema)]
struct ModelCount {
    /// The model.
    model: String,
    /// Its version.
    version: u32,
    /// How many.
    count: u64,
    /// Mean time that the model itself took, in milliseconds.
    mean_infer_ms: f64,
}

/// Predictions that decided on one label.
#[derive(Debug, Serialize, ToSchema)]
struct LabelCount {
    /// The model.
    model: String,
    /// The label.
    label: String,
    /// How many.
    count: u64,
    /// Mean score of the label, 0..1.
    mean_score: f64,
}

/// Predictions of one day.
#[derive(Debug, Serialize, ToSchema)]
struct DayCount {
    /// The UTC day.
    #[schema(format = Date)]
    date: String,
    /// How many.
    count: u64,
}

impl From<proto::GetStatisticsResponse> for Statistics {
    fn from(statistics: proto::GetStatisticsResponse) -> Self {
        let models = statistics.models.into_iter().map(|row| ModelCount {
            model: row.model,
            version: row.version,
            count: row.count,
            mean_infer_ms: row.mean_infer_us / 1000.0,
        });
        let labels = statistics.labels.into_iter().map(|row| LabelCount {
            model: row.model,
            label: row.label,
            count: row.count,
            mean_score: row.mean_score,
        });
        let days = statistics.days.into_iter().map(|row| DayCount {
            date: row.date,
            count: row.count,
        });
        Self {
            total: statistics.total,
            models: models.collect(),
            labels: labels.collect(),
            days: days.collect(),
        }
    }
}
