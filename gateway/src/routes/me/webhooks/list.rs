//! `GET /v1/me/webhooks`

use axum::extract::State;
use pupila_proto::accounts::v1::ListWebhooksRequest;

use crate::{
    app::Gateway,
    dto::{page::Listing, webhook::Webhook},
    extract::{Caller, Json},
    openapi::Problems,
    problem::{Problem, message},
};

/// The caller's webhooks, the oldest first
///
/// There are at most ten, so all of them come on one page.
#[utoipa::path(
    get, path = "/v1/me/webhooks", tag = "me", operation_id = "list_webhooks",
    security(("bearer" = [])),
    responses((status = 200, description = "The webhooks", body = Listing<Webhook>), Problems),
)]
pub(crate) async fn list_webhooks(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Listing<Webhook>>, Problem> {
    let request = context.call(ListWebhooksRequest {}, gateway.call_timeout);
    let webhooks = message(gateway.notifications.clone().list_webhooks(request).await)?.webhooks;
    Ok(Json(Listing::whole(webhooks)))
}
