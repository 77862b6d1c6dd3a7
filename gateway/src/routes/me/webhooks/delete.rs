//! `DELETE /v1/me/webhooks/{id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::DeleteWebhookRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Call an address no more
#[utoipa::path(
    delete, path = "/v1/me/webhooks/{id}", tag = "me", operation_id = "delete_webhook",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The webhook's id")),
    responses((status = 204, description = "It ended"), Problems, NotFound),
)]
pub(crate) async fn delete_webhook(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let request = context.call(DeleteWebhookRequest { id }, gateway.call_timeout);
    message(gateway.notifications.clone().delete_webhook(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
