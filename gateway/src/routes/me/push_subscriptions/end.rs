//! `DELETE /v1/me/push-subscriptions/{id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::EndPushSubscriptionRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Send a device no more push messages
#[utoipa::path(
    delete, path = "/v1/me/push-subscriptions/{id}", tag = "me", operation_id = "end_push_subscription",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The subscription's id")),
    responses((status = 204, description = "It ended"), Problems, NotFound),
)]
pub(crate) async fn end_push_subscription(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let request = context.call(EndPushSubscriptionRequest { id }, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    message(notifications.end_push_subscription(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
