//! `POST /v1/predictions`

mod order;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use pupila_analysis::Question;
use serde::Serialize;

use self::order::{Order, StoredImageOrder};
use crate::{
    app::Gateway,
    dto::prediction::Prediction,
    extract::{Caller, IdempotencyKey, Json},
    openapi::{BadFile, Conflict, NotFound, PredictionForm, Problems},
    problem::{Problem, from_rpc},
    response::Created,
};

/// Analyse one image
///
/// The image is sent along, or is a stored one. The answer is recorded before it is sent.
#[utoipa::path(
    post, path = "/v1/predictions", tag = "predictions", operation_id = "create_prediction",
    security(("bearer" = [])),
    params(IdempotencyKey),
    request_body(content(
        (PredictionForm = "multipart/form-data"),
        (StoredImageOrder = "application/json"),
    )),
    responses(
        (
            status = 201, description = "The record", body = Prediction,
            headers(("Location" = String, description = "Where it is")),
        ),
        Problems, NotFound, Conflict, BadFile,
    ),
)]
pub(crate) async fn create_prediction(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    key: IdempotencyKey,
    order: Order,
) -> Result<Response, Problem> {
    let (picture, options) = order.read(&gateway, &context).await?;
    let question = Question {
        idempotency_key: key.into_text(),
        ..picture.question(options)
    };
    let record = gateway.analyst.answer(&context, question).await;
    let record = Prediction::from(record.map_err(from_rpc)?);
    let location = record.location();
    Ok(created(location, record))
}

/// 201, and where the record is: nowhere, where a best-effort ledger did not write it.
pub(super) fn created(location: Option<String>, body: impl Serialize) -> Response {
    match location {
        Some(location) => Created(location, Json(body)).into_response(),
        None => (StatusCode::CREATED, Json(body)).into_response(),
    }
}
