//! Everyone who may come to the door.

use std::fmt;

/// Someone who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Without a token.
    Nobody,
    /// The owner, with a token that has ended.
    Expired,
    /// The owner, with a token of ours for somebody else's services.
    Misdirected,
    /// A program of the owner's, with an API key that only reads.
    Reader,
    /// Another user.
    Stranger,
    /// The holder of a share link to the owner's album.
    Guest,
    /// An administrator.
    Admin,
    /// The user whose things they are.
    Owner,
}

impl Who {
    /// In the order of the table's columns. The owner comes last, because what they delete is gone.
    pub(crate) const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Expired,
        Self::Misdirected,
        Self::Reader,
        Self::Stranger,
        Self::Guest,
        Self::Admin,
        Self::Owner,
    ];
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Everything that an API key may hold and that changes nothing.
pub(crate) const READING: [&str; 6] = [
    "account:read",
    "albums:read",
    "images:read",
    "jobs:read",
    "models:read",
    "predictions:read",
];
