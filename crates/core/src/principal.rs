//! Who calls.

use uuid::Uuid;

use crate::UserId;

/// The one on whose behalf a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The user who owns what the call creates.
    pub user: UserId,
}

impl Principal {
    /// The only user where there are no accounts (`auth.mode = "off"`): the nil UUID.
    pub const LOCAL: Self = Self {
        user: UserId::from_uuid(Uuid::nil()),
    };
}
