//! `PATCH /v1/me/notifications`

use axum::extract::State;
use pupila_proto::accounts::v1::UpdateNotificationSettingsRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::notification::NotificationSettings,
    extract::{Caller, IfMatch, Json},
    openapi::{BadJson, PreconditionFailed, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateNotificationSettings {
    /// By e-mail.
    email: Option<bool>,
    /// To browsers that subscribed.
    push: Option<bool>,
    /// To webhooks.
    webhook: Option<bool>,
    /// In the application's list.
    in_app: Option<bool>,
    /// Only jobs that failed, or some of whose items did.
    only_failures: Option<bool>,
    /// Only jobs that took at least this many seconds: up to a day.
    #[schema(minimum = 0, maximum = 86400)]
    minimum_seconds: Option<u32>,
}

/// Change what the caller is told when a job ends
#[utoipa::path(
    patch, path = "/v1/me/notifications", tag = "me", operation_id = "update_notification_settings",
    security(("bearer" = [])),
    params(IfMatch),
    request_body = UpdateNotificationSettings,
    responses(
        (
            status = 200, description = "The settings", body = NotificationSettings,
            headers(("ETag" = String, description = "Their revision")),
        ),
        Problems, PreconditionFailed, BadJson,
    ),
)]
pub(crate) async fn update_notification_settings(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    condition: IfMatch,
    Json(body): Json<UpdateNotificationSettings>,
) -> Result<Tagged<NotificationSettings>, Problem> {
    let request = UpdateNotificationSettingsRequest {
        email: body.email,
        push: body.push,
        webhook: body.webhook,
        in_app: body.in_app,
        only_failures: body.only_failures,
        minimum_seconds: body.minimum_seconds,
        expected_revision: condition.expected_revision(),
    };
    let request = context.call(request, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    let answer = message(notifications.update_notification_settings(request).await)?;
    Ok(Tagged(answer.settings.unwrap_or_default().into()))
}
