//! Who calls.

use std::fmt;

use crate::{AlbumId, LinkId, Scopes, SessionId, UserId};

/// The one who makes a call, as a verified token tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Anybody: no token was sent.
    Nobody,
    /// Somebody who holds a share link.
    Guest(Guest),
    /// A user.
    User(User),
    /// A service of ours, by its name.
    Service(String),
}

/// A user who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// What they may do.
    pub role: Role,
    /// What the token may be used for.
    pub scopes: Scopes,
    /// The session that the token belongs to; `None` for one of an API key.
    pub session: Option<SessionId>,
}

/// Somebody who holds a share link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// The link.
    pub link: LinkId,
    /// The album that it shows.
    pub album: AlbumId,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Their own things.
    User,
    /// Also administration.
    Admin,
}

impl Role {
    /// As text: `user` or `admin`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Caller {
    /// The user; `None` where it is none.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::User(user) => Some(user),
            _ => None,
        }
    }
}
