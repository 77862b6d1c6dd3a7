//! Webhooks.

use pupila_proto::accounts::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::time;

/// An address that is called when a job ends.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// Where it leads.
    #[schema(format = "uri", example = "https://ci.example.org/pupila")]
    url: String,
    /// When it was made, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
}

/// A new webhook with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    /// What messages are signed with (HMAC-SHA-256).
    secret: String,
}

impl From<proto::Webhook> for Webhook {
    fn from(webhook: proto::Webhook) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url,
            create_time: time::required(webhook.create_time),
        }
    }
}

impl From<proto::CreateWebhookResponse> for NewWebhook {
    fn from(created: proto::CreateWebhookResponse) -> Self {
        Self {
            webhook: created.webhook.unwrap_or_default().into(),
            secret: created.secret,
        }
    }
}
