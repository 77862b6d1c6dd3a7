//! `GET /v1/me/push-subscriptions`

use axum::extract::State;
use pupila_proto::accounts::v1::ListPushSubscriptionsRequest;

use crate::{
    app::Gateway,
    dto::{page::Listing, push_subscription::PushDevice},
    extract::{Caller, Json},
    openapi::Problems,
    problem::{Problem, message},
};

/// The devices whose browsers take push messages, the newest first
///
/// There are at most twenty, so all of them come on one page.
#[utoipa::path(
    get, path = "/v1/me/push-subscriptions", tag = "me", operation_id = "list_push_subscriptions",
    security(("bearer" = [])),
    responses((status = 200, description = "The devices", body = Listing<PushDevice>), Problems),
)]
pub(crate) async fn list_push_subscriptions(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Listing<PushDevice>>, Problem> {
    let request = context.call(ListPushSubscriptionsRequest {}, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    let list = message(notifications.list_push_subscriptions(request).await)?;
    Ok(Json(Listing::whole(list.subscriptions)))
}
