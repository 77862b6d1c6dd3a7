//! `POST /v1/me/push-subscriptions`

use axum::{extract::State, http::StatusCode};
use http::{HeaderMap, header};
use pupila_proto::accounts::v1::CreatePushSubscriptionRequest;
use serde::{Deserialize, de::IgnoredAny};
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::push_subscription::{Base64Url, PushSubscription},
    extract::{Caller, Json},
    openapi::{BadJson, Conflict, Problems},
    problem::{Problem, message},
};

/// Of the name of a browser, as much is kept, in characters.
const MAX_USER_AGENT: usize = 300;

/// What `PushSubscription.toJSON()` answers in a browser.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreatePushSubscription {
    /// Where the browser's push service takes messages: `https`.
    #[schema(format = "uri", max_length = 2000)]
    endpoint: String,
    /// When the browser will end it; it tells us by then.
    #[serde(rename = "expirationTime", default)]
    #[schema(value_type = Option<f64>)]
    _expiration_time: IgnoredAny,
    /// What messages are encrypted with.
    keys: PushKeys,
}

/// What messages to a browser are encrypted with (RFC 8291).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PushKeys {
    /// The browser's public key: 65 bytes in base64url.
    #[schema(value_type = String)]
    p256dh: Base64Url,
    /// The browser's authentication secret: 16 bytes in base64url.
    #[schema(value_type = String)]
    auth: Base64Url,
}

/// Send push messages to a browser
///
/// One with the same endpoint is replaced.
#[utoipa::path(
    post, path = "/v1/me/push-subscriptions", tag = "me", operation_id = "create_push_subscription",
    security(("bearer" = [])),
    request_body = CreatePushSubscription,
    responses((status = 201, description = "The subscription", body = PushSubscription), Problems, Conflict, BadJson),
)]
pub(crate) async fn create_push_subscription(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    headers: HeaderMap,
    Json(body): Json<CreatePushSubscription>,
) -> Result<(StatusCode, Json<PushSubscription>), Problem> {
    let user_agent = headers.get(header::USER_AGENT);
    let user_agent = user_agent.and_then(|value| value.to_str().ok());
    let request = CreatePushSubscriptionRequest {
        endpoint: body.endpoint,
        p256dh: body.keys.p256dh.0,
        auth: body.keys.auth.0,
        user_agent: user_agent
            .unwrap_or_default()
            .chars()
            .take(MAX_USER_AGENT)
            .collect(),
    };
    let request = context.call(request, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    let created = message(notifications.create_push_subscription(request).await);
    let created = created.map_err(|problem| {
        problem.rename_fields(|field| match field {
            "p256dh" | "auth" => format!("keys/{field}"),
            field => field.to_owned(),
        })
    })?;
    let subscription = created.subscription.unwrap_or_default();
    Ok((StatusCode::CREATED, Json(subscription.into())))
}
