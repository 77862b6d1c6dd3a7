//! `GET /v1/me/notifications`

use axum::extract::State;
use pupila_proto::accounts::v1::GetNotificationSettingsRequest;

use crate::{
    app::Gateway,
    dto::notification::NotificationSettings,
    extract::Caller,
    openapi::Problems,
    problem::{Problem, message},
    response::Tagged,
};

/// What the caller is told when a job ends
#[utoipa::path(
    get, path = "/v1/me/notifications", tag = "me", operation_id = "get_notification_settings",
    security(("bearer" = [])),
    responses(
        (
            status = 200, description = "The settings", body = NotificationSettings,
            headers(("ETag" = String, description = "Their revision")),
        ),
        Problems,
    ),
)]
pub(crate) async fn get_notification_settings(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Tagged<NotificationSettings>, Problem> {
    let request = context.call(GetNotificationSettingsRequest {}, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    let answer = message(notifications.get_notification_settings(request).await)?;
    Ok(Tagged(answer.settings.unwrap_or_default().into()))
}
