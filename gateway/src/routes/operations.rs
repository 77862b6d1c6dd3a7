//! `GET /v1/operations`

use axum::extract::State;
use pupila_core::Scope;

use crate::{
    app::Gateway,
    dto::{operation::Operation, page::Listing},
    extract::{Caller, Json},
    openapi::Problems,
    problem::Problem,
};

/// Everything that can be done to an image
///
/// A job's steps name them. There are few, so all of them come on one page.
#[utoipa::path(
    get, path = "/v1/operations", tag = "jobs", operation_id = "list_operations",
    security(("bearer" = [])),
    responses((status = 200, description = "The operations, with the parameters that they declare", body = Listing<Operation>), Problems),
)]
pub(crate) async fn list_operations(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Listing<Operation>>, Problem> {
    // No service is asked that would check it.
    let scope = Scope::ModelsRead;
    gateway
        .authenticator
        .require(&context.credential, scope)
        .await?;
    let operations = pupila_operations::catalogue().iter();
    Ok(Json(Listing {
        items: operations.map(Operation::from).collect(),
        next_page_token: String::new(),
    }))
}
