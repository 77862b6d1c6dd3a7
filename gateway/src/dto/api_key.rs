//! API keys.

use pupila_proto::accounts::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::time;

/// A key for programs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// What the user calls it.
    #[schema(example = "nightly import")]
    name: String,
    /// What it may do.
    #[schema(example = json!(["images:read", "predictions:write"]))]
    scopes: Vec<String>,
    /// The first characters of its secret, by which people tell keys apart.
    #[schema(example = "pupila_Zk3x")]
    prefix: String,
    /// When it was made.
    #[schema(format = DateTime)]
    create_time: String,
    /// When it ends; null where it does not.
    #[schema(format = DateTime, required)]
    expire_time: Option<String>,
    /// When it was used last, roughly; null where it never was.
    #[schema(format = DateTime, required)]
    last_use_time: Option<String>,
}

/// A new key with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewApiKey {
    #[serde(flatten)]
    api_key: ApiKey,
    /// What programs send: `Authorization: Bearer <secret>`.
    secret: String,
}

impl From<proto::ApiKey> for ApiKey {
    fn from(key: proto::ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes,
            prefix: key.prefix,
            create_time: time::required(key.create_time),
            expire_time: key.expire_time.map(time::to_rfc3339),
            last_use_time: key.last_use_time.map(time::to_rfc3339),
        }
    }
}

impl From<proto::CreateApiKeyResponse> for NewApiKey {
    fn from(created: proto::CreateApiKeyResponse) -> Self {
        Self {
            api_key: created.api_key.unwrap_or_default().into(),
            secret: created.secret,
        }
    }
}
