//! `POST /v1/albums/{id}/members`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::{self as proto, AddMemberRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::album::{Member, MemberRole},
    extract::{Caller, Json, Path},
    openapi::{BadJson, Conflict, NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// Whom to let in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddMember {
    /// Their e-mail address.
    #[schema(min_length = 3, max_length = 254, example = "luis@example.org")]
    email: String,
    /// What they may do.
    role: MemberRole,
}

/// Let somebody into an album
///
/// The answer is the same whether the address has an account or not. One that is a member already gets the new role.
/// For the owner.
#[utoipa::path(
    post, path = "/v1/albums/{id}/members", tag = "albums", operation_id = "add_album_member",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id")),
    request_body = AddMember,
    responses((status = 201, description = "The member", body = Member), Problems, NotFound, Conflict, BadJson),
)]
pub(crate) async fn add_album_member(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(album_id): Path<String>,
    Json(body): Json<AddMember>,
) -> Result<(StatusCode, Json<Member>), Problem> {
    let request = AddMemberRequest {
        album_id,
        email: body.email,
        role: proto::AlbumRole::from(body.role).into(),
    };
    let request = context.call(request, gateway.call_timeout);
    let added = message(gateway.albums.clone().add_member(request).await);
    let member = added.map_err(under_path_names)?.member;
    Ok((StatusCode::CREATED, Json(member.unwrap_or_default().into())))
}
