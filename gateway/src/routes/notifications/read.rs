//! `POST /v1/notifications:read`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::MarkNotificationsReadRequest;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::Gateway,
    extract::{Caller, Json},
    openapi::{BadJson, NotFound, Problems},
    problem::{Problem, message},
};

/// Which were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkNotificationsRead {
    /// This one and all older; all where it is left out.
    up_to: Option<Uuid>,
}

/// Mark notifications as read
#[utoipa::path(
    post, path = "/v1/notifications:read", tag = "notifications", operation_id = "mark_notifications_read",
    security(("bearer" = [])),
    request_body = MarkNotificationsRead,
    responses((status = 204, description = "They are read"), Problems, NotFound, BadJson),
)]
pub(crate) async fn mark_notifications_read(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Json(body): Json<MarkNotificationsRead>,
) -> Result<StatusCode, Problem> {
    let request = MarkNotificationsReadRequest {
        up_to_id: body.up_to.map(|id| id.to_string()).unwrap_or_default(),
    };
    let request = context.call(request, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    let marked = message(notifications.mark_notifications_read(request).await);
    marked.map_err(|problem| {
        problem.rename_fields(|field| match field {
            "up_to_id" => "up_to".to_owned(),
            field => field.to_owned(),
        })
    })?;
    Ok(StatusCode::NO_CONTENT)
}
