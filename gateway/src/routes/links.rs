//! `POST /v1/links:open`

use axum::{Extension, extract::State};
use pupila_proto::accounts::v1::OpenLinkRequest;
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::tokens::OpenedLink,
    extract::{Json, StrangersJson},
    openapi::{BadJson, NotFound, Problems},
    problem::{Problem, message},
};

/// Which link, and what opens it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenLink {
    /// The secret of the link's address.
    #[schema(max_length = 500)]
    token: String,
    /// The link's password, where it has one.
    #[schema(format = Password, max_length = 200)]
    password: Option<String>,
}

/// Open a share link
///
/// The token in the answer sees the album of the link and its images.
#[utoipa::path(
    post, path = "/v1/links:open", tag = "auth", operation_id = "open_link",
    request_body = OpenLink,
    responses((status = 200, description = "A token", body = OpenedLink), Problems, NotFound, BadJson),
)]
pub(crate) async fn open_link(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    StrangersJson(body): StrangersJson<OpenLink>,
) -> Result<Json<OpenedLink>, Problem> {
    let request = OpenLinkRequest {
        link_token: body.token,
        password: body.password.unwrap_or_default(),
    };
    let request = context.call(request, gateway.call_timeout);
    let opened = message(gateway.auth.clone().open_link(request).await);
    let opened = opened.map_err(|problem| {
        problem.rename_fields(|field| match field {
            "link_token" => "token".to_owned(),
            other => other.to_owned(),
        })
    });
    Ok(Json(opened?.into()))
}
