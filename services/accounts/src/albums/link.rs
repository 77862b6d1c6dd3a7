//! A share link of an album.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, Guest, LinkId};

/// A share link, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) id: LinkId,
    pub(crate) create_time: Timestamp,
    /// `None` where it does not end.
    pub(crate) expire_time: Option<Timestamp>,
    pub(crate) has_password: bool,
    /// To the minute; `None` where nobody opened it.
    pub(crate) last_use_time: Option<Timestamp>,
}

/// What a link is made of.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    /// `None` for never.
    pub(crate) expire_time: Option<Timestamp>,
    /// What opens it, where it asks for anything.
    pub(crate) password: Option<String>,
}

/// What opens a link.
#[derive(Debug, Clone)]
pub(super) struct LinkLock {
    /// Of its token.
    pub(super) token: Digest,
    /// Of its password: a PHC string.
    pub(super) password_hash: Option<String>,
}

/// A link that somebody has the token of.
#[derive(Debug, Clone)]
pub(super) struct KnownLink {
    pub(super) guest: Guest,
    pub(super) expire_time: Option<Timestamp>,
    pub(super) password_hash: Option<String>,
}

impl Link {
    /// Its place in a list.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}
