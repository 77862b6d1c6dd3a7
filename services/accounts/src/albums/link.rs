//! A share link of an album.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, Guest, LinkId};

/// What the tokens of links begin with.
pub(super) const PREFIX: &str = "pupila_link_";

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
#[derive(Clone)]
pub(crate) struct NewLink {
    /// `None` for never.
    pub(crate) expire_time: Option<Timestamp>,
    /// What opens it, where the token alone does not.
    pub(crate) password: Option<String>,
}

/// What opens a link.
pub(super) struct LinkLock {
    /// Of its token.
    pub(super) token: Digest,
    /// Of its password: a PHC string.
    pub(super) password_hash: Option<String>,
}

/// A link that somebody has the token of.
pub(super) struct KnownLink {
    /// What it makes of them.
    pub(super) guest: Guest,
    pub(super) expire_time: Option<Timestamp>,
    pub(super) password_hash: Option<String>,
}

impl NewLink {
    /// The link that it becomes.
    pub(super) fn made_at(&self, now: Timestamp) -> Link {
        Link {
            id: LinkId::new(now),
            create_time: now,
            expire_time: self.expire_time,
            has_password: self.password.is_some(),
            last_use_time: None,
        }
    }
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

impl KnownLink {
    /// Whether it has not ended at `now`.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        self.expire_time.is_none_or(|end| end > now)
    }
}
