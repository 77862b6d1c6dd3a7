//! `GET /v1/notifications`

use axum::extract::State;
use pupila_proto::accounts::v1::ListNotificationsRequest;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::Gateway,
    dto::{notification::Notifications, page::PageQuery},
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// Which notifications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnreadQuery {
    /// Only those that are not read.
    unread: Option<bool>,
}

/// What the caller was told, the newest first
#[utoipa::path(
    get, path = "/v1/notifications", tag = "notifications", operation_id = "list_notifications",
    security(("bearer" = [])),
    params(UnreadQuery, PageQuery),
    responses((status = 200, description = "A page of notifications", body = Notifications), Problems),
)]
pub(crate) async fn list_notifications(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(UnreadQuery { unread }, page): Query<UnreadQuery, PageQuery>,
) -> Result<Json<Notifications>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListNotificationsRequest {
        unread: unread.unwrap_or_default(),
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(
        gateway
            .notifications
            .clone()
            .list_notifications(request)
            .await,
    )?;
    Ok(Json(Notifications::new(page, &list)))
}
