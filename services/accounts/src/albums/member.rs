//! Somebody who was let into an album.

use std::str::FromStr;

use jiff::Timestamp;
use pupila_core::{Cursor, MemberId};

use super::AlbumRole;

/// Somebody who was let into an album. Whether the address has an account is nobody's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: MemberId,
    /// In lower case.
    pub(crate) email: String,
    pub(crate) role: MemberRole,
    pub(crate) create_time: Timestamp,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberRole {
    /// See the album.
    Viewer,
    /// Change it and its images.
    Editor,
}

/// Which member is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhichMember {
    /// The one of that id.
    Id(MemberId),
    /// The caller.
    Me,
}

/// A role in the database that this release does not know.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no role of a member")]
pub(crate) struct UnknownRole(String);

impl Member {
    /// Its place in a list.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}

impl MemberRole {
    /// As text: `viewer` or `editor`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
        }
    }
}

impl FromStr for MemberRole {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "viewer" => Ok(Self::Viewer),
            "editor" => Ok(Self::Editor),
            _ => Err(UnknownRole(text.to_owned())),
        }
    }
}

impl From<MemberRole> for AlbumRole {
    fn from(role: MemberRole) -> Self {
        match role {
            MemberRole::Viewer => Self::Viewer,
            MemberRole::Editor => Self::Editor,
        }
    }
}
