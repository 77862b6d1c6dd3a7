//! Tokens: what callers prove who they are with. None of these types can be printed.

use pupila_proto::accounts::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::time;

/// What a session hands out.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    #[serde(flatten)]
    access: AccessToken,
    /// For new tokens, once: `POST /v1/auth/refresh`.
    refresh_token: String,
    /// When the refresh token ends.
    #[schema(format = DateTime)]
    refresh_expire_time: String,
    /// The session.
    #[schema(value_type = uuid::Uuid)]
    session_id: String,
}

/// A token for calls: `Authorization: Bearer <access_token>`.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessToken {
    /// A signed JWT.
    access_token: String,
    /// How it is sent.
    token_type: TokenType,
    /// When it ends.
    #[schema(format = DateTime)]
    expire_time: String,
}

/// How a token is sent (RFC 6750).
#[derive(Serialize, ToSchema)]
enum TokenType {
    /// In the `Authorization` header.
    Bearer,
}

/// An opened share link.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedLink {
    #[serde(flatten)]
    access: AccessToken,
    /// The album that the token sees.
    #[schema(value_type = uuid::Uuid)]
    album_id: String,
}

impl From<proto::AccessToken> for AccessToken {
    fn from(access: proto::AccessToken) -> Self {
        Self {
            access_token: access.token,
            token_type: TokenType::Bearer,
            expire_time: time::required(access.expire_time),
        }
    }
}

impl From<proto::Tokens> for Tokens {
    fn from(tokens: proto::Tokens) -> Self {
        Self {
            access: tokens.access.unwrap_or_default().into(),
            refresh_token: tokens.refresh_token,
            refresh_expire_time: time::required(tokens.refresh_expire_time),
            session_id: tokens.session_id,
        }
    }
}

impl From<proto::OpenLinkResponse> for OpenedLink {
    fn from(opened: proto::OpenLinkResponse) -> Self {
        Self {
            access: opened.access.unwrap_or_default().into(),
            album_id: opened.album_id,
        }
    }
}
