//! `POST /v1/albums/{id}/links`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::CreateLinkRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{album::NewLink, time},
    extract::{Caller, IdempotencyKey, Json, Path},
    openapi::{BadJson, Conflict, NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// A new link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateLink {
    /// When it ends; left out or null for never.
    #[serde(default, deserialize_with = "time::from_json")]
    #[schema(value_type = Option<String>, format = DateTime, example = "2027-11-23T00:00:00Z")]
    expire_time: Option<prost_types::Timestamp>,
    /// What opens it; left out or null for no password.
    #[schema(format = Password, min_length = 4, max_length = 200)]
    password: Option<String>,
}

/// Make a share link
///
/// Its secret is in this answer and nowhere else: a repeated call with the same `Idempotency-Key` is told
/// `ALREADY_CREATED`. `POST /v1/links:open` opens it. For the owner.
#[utoipa::path(
    post, path = "/v1/albums/{id}/links", tag = "albums", operation_id = "create_album_link",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id"), IdempotencyKey),
    request_body = CreateLink,
    responses(
        (status = 201, description = "The link and its secret", body = NewLink),
        Problems, NotFound, Conflict, BadJson,
    ),
)]
pub(crate) async fn create_album_link(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    idempotency_key: IdempotencyKey,
    Path(album_id): Path<String>,
    Json(body): Json<CreateLink>,
) -> Result<(StatusCode, Json<NewLink>), Problem> {
    let request = CreateLinkRequest {
        album_id,
        expire_time: body.expire_time,
        password: body.password.unwrap_or_default(),
        idempotency_key: idempotency_key.into_text(),
    };
    let request = context.call(request, gateway.call_timeout);
    let created = message(gateway.albums.clone().create_link(request).await);
    let created = created.map_err(under_path_names)?;
    Ok((StatusCode::CREATED, Json(created.into())))
}
