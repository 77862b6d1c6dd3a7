//! `POST /v1/me/api-keys`

use axum::{extract::State, http::StatusCode};
use pupila_core::Scope;
use pupila_proto::accounts::v1::CreateApiKeyRequest;
use serde::Deserialize;
use utoipa::{
    ToSchema,
    openapi::{Array, Object, Type},
};

use crate::{
    app::Gateway,
    dto::{api_key::NewApiKey, line::Line, time},
    extract::{Caller, IdempotencyKey, Json},
    openapi::{BadJson, Conflict, Problems},
    problem::{Problem, message},
};

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiKey {
    /// What to call it.
    name: Line<100>,
    #[schema(schema_with = scopes)]
    scopes: Vec<String>,
    /// When it ends; left out for never.
    #[serde(default, deserialize_with = "time::from_json")]
    #[schema(value_type = Option<String>, format = DateTime, example = "2027-11-23T00:00:00Z")]
    expire_time: Option<prost_types::Timestamp>,
}

/// What a key may do: anything but changing the account that it belongs to.
fn scopes() -> Array {
    let names = Scope::ALL
        .into_iter()
        .filter(|scope| *scope != Scope::AccountWrite);
    let scope = Object::builder()
        .schema_type(Type::String)
        .enum_values(Some(names.map(Scope::as_str)));
    let mut scopes = Array::new(scope);
    scopes.min_items = Some(1);
    scopes.description = Some("What it may do. `admin` is only an administrator's.".to_owned());
    scopes
}

/// Make an API key
///
/// Its secret is in this answer and nowhere else: a repeated call with the same `Idempotency-Key` is told
/// `ALREADY_CREATED`.
#[utoipa::path(
    post, path = "/v1/me/api-keys", tag = "me", operation_id = "create_api_key",
    security(("bearer" = [])),
    params(IdempotencyKey),
    request_body = CreateApiKey,
    responses((status = 201, description = "The key and its secret", body = NewApiKey), Problems, Conflict, BadJson),
)]
pub(crate) async fn create_api_key(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    idempotency_key: IdempotencyKey,
    Json(body): Json<CreateApiKey>,
) -> Result<(StatusCode, Json<NewApiKey>), Problem> {
    let request = CreateApiKeyRequest {
        name: body.name.0,
        scopes: body.scopes,
        expire_time: body.expire_time,
        idempotency_key: idempotency_key.into_text(),
    };
    let request = context.call(request, gateway.call_timeout);
    let created = message(gateway.users.clone().create_api_key(request).await)?;
    Ok((StatusCode::CREATED, Json(created.into())))
}
