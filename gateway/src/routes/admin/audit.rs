//! `GET /v1/admin/audit`

use axum::extract::State;
use pupila_proto::accounts::v1::ListAuditRequest;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    app::Gateway,
    dto::{
        audit::AuditEntry,
        page::{Listing, PageQuery},
        time,
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// Which entries. All that is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only what this user did.
    actor: Option<Uuid>,
    /// Only this action.
    #[param(example = "session.signed_in")]
    action: Option<String>,
    /// At this time or later: RFC 3339, or a day.
    #[serde(default, deserialize_with = "time::from_query")]
    #[param(value_type = Option<time::TimeOrDay>, inline, example = "2026-11-23")]
    from: Option<prost_types::Timestamp>,
    /// Before this time: RFC 3339, or a day.
    #[serde(default, deserialize_with = "time::from_query")]
    #[param(value_type = Option<time::TimeOrDay>, inline)]
    until: Option<prost_types::Timestamp>,
}

/// Sign-ins and changes of rights, the newest first
#[utoipa::path(
    get, path = "/v1/admin/audit", tag = "admin", operation_id = "list_audit",
    security(("bearer" = [])),
    params(AuditQuery, PageQuery),
    responses((status = 200, description = "A page of the record", body = Listing<AuditEntry>), Problems),
)]
pub(crate) async fn list_audit(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(entries, page): Query<AuditQuery, PageQuery>,
) -> Result<Json<Listing<AuditEntry>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListAuditRequest {
        page_size,
        page_token,
        actor: entries.actor.map(|id| id.to_string()).unwrap_or_default(),
        action: entries.action.unwrap_or_default(),
        from_time: entries.from,
        until_time: entries.until,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.users.clone().list_audit(request).await);
    let page = page.map_err(|problem| {
        problem.rename_fields(|field| field.strip_suffix("_time").unwrap_or(field).to_owned())
    })?;
    Ok(Json(Listing::new(
        page.entries,
        page.next_page_token,
        &list,
    )))
}
