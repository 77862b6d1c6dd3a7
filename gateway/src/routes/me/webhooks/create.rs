//! `POST /v1/me/webhooks`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::CreateWebhookRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::webhook::NewWebhook,
    extract::{Caller, Json},
    openapi::{BadJson, Conflict, Problems},
    problem::{Problem, message},
};

/// A new webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateWebhook {
    /// `http` or `https`, without a user or password.
    #[schema(
        format = "uri",
        max_length = 2000,
        example = "https://ci.example.org/pupila"
    )]
    url: String,
}

/// Call an address when a job ends
///
/// Its secret is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/v1/me/webhooks", tag = "me", operation_id = "create_webhook",
    security(("bearer" = [])),
    request_body = CreateWebhook,
    responses((status = 201, description = "The webhook and its secret", body = NewWebhook), Problems, Conflict, BadJson),
)]
pub(crate) async fn create_webhook(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Json(body): Json<CreateWebhook>,
) -> Result<(StatusCode, Json<NewWebhook>), Problem> {
    let request = context.call(CreateWebhookRequest { url: body.url }, gateway.call_timeout);
    let created = message(gateway.notifications.clone().create_webhook(request).await)?;
    Ok((StatusCode::CREATED, Json(created.into())))
}
