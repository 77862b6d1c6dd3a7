//! Which predictions a list, an export or statistics are about.

use pupila_proto::history::v1::PredictionFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    dto::number,
    dto::time,
    problem::{Problem, message},
};

/// Which predictions are meant. All that is given must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FilterQuery {
    /// The model's name.
    model: Option<String>,
    /// The model's version.
    #[serde(
        default,
        deserialize_with = "number::whole::<1, { i32::MAX as u32 }, _>"
    )]
    #[param(minimum = 1, maximum = 2147483647)]
    version: Option<u32>,
    /// The label decided on.
    label: Option<String>,
    /// The score of the label is at least this.
    #[param(minimum = 0, maximum = 1)]
    min_score: Option<f64>,
    /// The score of the label is at most this.
    #[param(minimum = 0, maximum = 1)]
    max_score: Option<f64>,
    /// SHA-256 of the image.
    #[param(pattern = "^[0-9A-Fa-f]{64}$")]
    image_sha256: Option<String>,
    /// Recorded at this time or later: RFC 3339, or a day.
    #[serde(default, deserialize_with = "time::from_query")]
    #[param(value_type = Option<time::TimeOrDay>, inline, example = "2026-11-23")]
    from: Option<prost_types::Timestamp>,
    /// Recorded before this time: RFC 3339, or a day.
    #[serde(default, deserialize_with = "time::from_query")]
    #[param(value_type = Option<time::TimeOrDay>, inline)]
    until: Option<prost_types::Timestamp>,
    /// The stored image.
    image_id: Option<Uuid>,
    /// Whether a person reviewed it.
    reviewed: Option<bool>,
}

/// The filter's fields in the proto, where the query calls them otherwise.
const RENAMED: [(&str, &str); 4] = [
    ("minimum_score", "min_score"),
    ("maximum_score", "max_score"),
    ("from_time", "from"),
    ("until_time", "until"),
];

/// History's answer, its faults under the names that the caller sent.
pub(crate) fn filtered<T>(answer: Result<tonic::Response<T>, tonic::Status>) -> Result<T, Problem> {
    message(answer).map_err(|problem| {
        problem.rename_fields(|field| {
            let field = field.strip_prefix("filter/").unwrap_or(field);
            let renamed = RENAMED.iter().find(|(proto, _)| *proto == field);
            renamed.map_or(field, |(_, query)| query).to_owned()
        })
    })
}

impl From<FilterQuery> for PredictionFilter {
    fn from(query: FilterQuery) -> Self {
        Self {
            model: query.model,
            version: query.version,
            label: query.label,
            minimum_score: query.min_score,
            maximum_score: query.max_score,
            image_sha256: query.image_sha256,
            from_time: query.from,
            until_time: query.until,
            image_id: query.image_id.map(|id| id.to_string()),
            reviewed: query.reviewed,
        }
    }
}
