//! `DELETE /v1/me/push-subscriptions`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::DeletePushSubscriptionRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    extract::{Caller, Json},
    openapi::{BadJson, Problems},
    problem::{Problem, message},
};

/// Which subscription. Whoever knows its endpoint may send to it, so it stands in no address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeletePushSubscription {
    /// Where it leads.
    #[schema(format = "uri", max_length = 2000)]
    endpoint: String,
}

/// Send a browser no more push messages
///
/// One that is not there ended already.
#[utoipa::path(
    delete, path = "/v1/me/push-subscriptions", tag = "me", operation_id = "delete_push_subscription",
    security(("bearer" = [])),
    request_body = DeletePushSubscription,
    responses((status = 204, description = "It ended"), Problems, BadJson),
)]
pub(crate) async fn delete_push_subscription(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Json(body): Json<DeletePushSubscription>,
) -> Result<StatusCode, Problem> {
    let request = DeletePushSubscriptionRequest {
        endpoint: body.endpoint,
    };
    let request = context.call(request, gateway.call_timeout);
    let mut notifications = gateway.notifications.clone();
    message(notifications.delete_push_subscription(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
