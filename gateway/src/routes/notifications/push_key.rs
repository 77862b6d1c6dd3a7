//! `GET /v1/notifications/push-key`

use axum::{Extension, extract::State};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use pupila_proto::accounts::v1::GetPushKeyRequest;
use pupila_runtime::context::RequestContext;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    extract::Json,
    openapi::PublicProblems,
    problem::{Problem, message},
};

/// What browsers subscribe with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushKey {
    /// The VAPID public key (RFC 8292): 65 bytes in base64url, the `applicationServerKey` of `PushManager.subscribe()`.
    public_key: String,
}

/// The key that browsers subscribe to push messages with
#[utoipa::path(
    get, path = "/v1/notifications/push-key", tag = "notifications", operation_id = "get_push_key",
    responses((status = 200, description = "The public key", body = PushKey), PublicProblems),
)]
pub(crate) async fn get_push_key(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
) -> Result<Json<PushKey>, Problem> {
    let request = context.call(GetPushKeyRequest {}, gateway.call_timeout);
    let key = message(gateway.notifications.clone().get_push_key(request).await)?;
    Ok(Json(PushKey {
        public_key: BASE64_URL_SAFE_NO_PAD.encode(key.public_key),
    }))
}
