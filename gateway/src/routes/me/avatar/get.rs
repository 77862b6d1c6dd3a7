//! `GET /v1/me/avatar`

use axum::{extract::State, response::Response};
use http::HeaderMap;
use pupila_proto::images::v1::GetAvatarRequest;

use crate::{
    app::Gateway,
    download,
    extract::{Caller, Query},
    openapi::{self, NotFound, Problems, Unprocessable},
    problem::{Problem, message},
    routes::images::rendition::{RenditionQuery, render},
};

/// The profile picture, as it is wanted
#[utoipa::path(
    get, path = "/v1/me/avatar", tag = "me", operation_id = "get_avatar",
    security(("bearer" = [])),
    params(
        RenditionQuery,
        download::IfNoneMatch,
    ),
    responses(
        (
            status = 200, description = "The rendition",
            headers(
                ("ETag" = String, description = "Changes with the bytes, and only then"),
                ("Vary" = String, description = "`accept`"),
            ),
            content(
                (openapi::File = "image/jpeg"),
                (openapi::File = "image/png"),
                (openapi::File = "image/webp"),
            ),
        ),
        (status = 304, description = "The caller has it"),
        Problems, NotFound, Unprocessable,
    ),
)]
pub(crate) async fn get_avatar(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Query(query, _): Query<RenditionQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let request = context.call(GetAvatarRequest {}, gateway.call_timeout);
    let avatar = message(gateway.images.clone().get_avatar(request).await)?;
    let id = avatar.image.unwrap_or_default().id;
    render(&gateway, &context, id, query, &headers).await
}
