//! Sessions.

use pupila_proto::accounts::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::time;

/// A session: signed in once, on one device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// When it began.
    #[schema(format = DateTime)]
    create_time: String,
    /// When it was refreshed last.
    #[schema(format = DateTime)]
    last_use_time: String,
    /// When it ends unless it is refreshed.
    #[schema(format = DateTime)]
    expire_time: String,
    /// What the device said of itself.
    user_agent: String,
    /// The network address that it was begun from.
    address: String,
    /// Whether this call belongs to it.
    current: bool,
}

impl From<proto::Session> for Session {
    fn from(session: proto::Session) -> Self {
        Self {
            id: session.id,
            create_time: time::required(session.create_time),
            last_use_time: time::required(session.last_use_time),
            expire_time: time::required(session.expire_time),
            user_agent: session.user_agent,
            address: session.address,
            current: session.current,
        }
    }
}
