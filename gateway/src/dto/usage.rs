//! How much somebody stores.

use pupila_proto::images::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

/// How much somebody stores, and may.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Usage {
    /// Images, profile pictures among them.
    images: u64,
    /// Bytes of their files, each image counted in full.
    bytes: u64,
    /// Bytes that may be stored.
    quota_bytes: u64,
}

impl From<proto::Usage> for Usage {
    fn from(usage: proto::Usage) -> Self {
        Self {
            images: usage.images,
            bytes: usage.bytes,
            quota_bytes: usage.quota_bytes,
        }
    }
}
