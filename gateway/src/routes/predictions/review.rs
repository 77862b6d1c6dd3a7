//! `POST /v1/predictions/{id}/review`

use axum::extract::State;
use pupila_proto::history::v1::{self as proto, ReviewPredictionRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::prediction::{Prediction, Verdict},
    extract::{Caller, Json, Path},
    openapi::{BadJson, NotFound, Problems},
    problem::{Problem, message},
};

/// What a person says of a prediction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewOrder {
    /// Whether the model was right.
    verdict: Verdict,
    /// The right label, where it was not.
    #[schema(max_length = 255, example = "NORMAL")]
    label: Option<String>,
    /// Why.
    #[schema(max_length = 2000)]
    comment: Option<String>,
}

/// Say whether a prediction is right
///
/// The record itself stays as it is; the last review counts.
#[utoipa::path(
    post, path = "/v1/predictions/{id}/review", tag = "predictions", operation_id = "review_prediction",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The prediction's id")),
    request_body = ReviewOrder,
    responses(
        (status = 200, description = "The record with the review", body = Prediction),
        Problems, NotFound, BadJson,
    ),
)]
pub(crate) async fn review_prediction(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    Json(review): Json<ReviewOrder>,
) -> Result<Json<Prediction>, Problem> {
    let request = ReviewPredictionRequest {
        id,
        verdict: proto::Verdict::from(review.verdict).into(),
        label: review.label.unwrap_or_default(),
        comment: review.comment.unwrap_or_default(),
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.history.clone().review_prediction(request).await;
    let prediction = message(response)?.prediction.unwrap_or_default();
    Ok(Json(prediction.into()))
}
