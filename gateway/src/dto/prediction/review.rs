//! Reviews of predictions.

use pupila_proto::history::v1 as proto;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::dto::time;

/// What a person said of a prediction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Review {
    /// When, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    pub(crate) create_time: String,
    /// The user who said it.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) reviewer: String,
    /// Whether the model was right.
    pub(crate) verdict: Verdict,
    /// The right label: the predicted one where the person agrees.
    #[schema(example = "NORMAL")]
    pub(crate) label: String,
    /// Why; may be empty.
    pub(crate) comment: String,
}

/// Whether the model was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It was.
    Agree,
    /// It was not.
    Disagree,
}

impl Verdict {
    /// As in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Disagree => "disagree",
        }
    }
}

impl From<proto::Review> for Review {
    fn from(review: proto::Review) -> Self {
        let verdict = match review.verdict() {
            proto::Verdict::Agree => Verdict::Agree,
            proto::Verdict::Disagree | proto::Verdict::Unspecified => Verdict::Disagree,
        };
        Self {
            create_time: time::required(review.create_time),
            reviewer: review.reviewer,
            verdict,
            label: review.label,
            comment: review.comment,
        }
    }
}

impl From<Verdict> for proto::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Agree => Self::Agree,
            Verdict::Disagree => Self::Disagree,
        }
    }
}
