//! Users.

use pupila_core::Revision;
use pupila_proto::accounts::v1 as proto;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{time, usage::Usage};
use crate::response::Revised;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: String,
    /// The e-mail address, in lower case; empty while DELETING.
    #[schema(example = "ana@example.org")]
    email: String,
    /// The name that others see.
    #[schema(example = "Ana")]
    display_name: String,
    /// Language of the messages to them: `en` or `es`.
    #[schema(example = "en")]
    language: String,
    /// What they may do.
    role: Role,
    /// Where in their life they are.
    state: UserState,
    /// When the account was made.
    #[schema(format = DateTime)]
    create_time: String,
    /// When it changed last.
    #[schema(format = DateTime)]
    update_time: String,
    /// Counts the changes; the `ETag` says the same.
    revision: i64,
}

/// A user, as administrators see them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserWithUsage {
    #[serde(flatten)]
    user: User,
    /// What they store; null while nobody can tell.
    #[schema(required)]
    usage: Option<Usage>,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Their own things.
    User,
    /// Also administration.
    Admin,
}

/// Where in their life a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum UserState {
    /// May sign in.
    Active,
    /// May not sign in; an administrator decided so.
    Blocked,
    /// On the way out.
    Deleting,
}

/// Languages of messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Language {
    /// As the messages of services tell it.
    pub(crate) fn code(self) -> String {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
        .to_owned()
    }
}

impl UserWithUsage {
    pub(crate) fn new(user: proto::User, usage: Option<Usage>) -> Self {
        Self {
            user: user.into(),
            usage,
        }
    }
}

impl From<proto::User> for User {
    fn from(user: proto::User) -> Self {
        let (role, state) = (user.role(), user.state());
        Self {
            id: user.id,
            email: user.email,
            display_name: user.display_name,
            language: user.language,
            role: match role {
                proto::Role::Admin => Role::Admin,
                proto::Role::User | proto::Role::Unspecified => Role::User,
            },
            state: match state {
                proto::UserState::Active => UserState::Active,
                proto::UserState::Blocked | proto::UserState::Unspecified => UserState::Blocked,
                proto::UserState::Deleting => UserState::Deleting,
            },
            create_time: time::required(user.create_time),
            update_time: time::required(user.update_time),
            revision: user.revision,
        }
    }
}

impl From<Role> for proto::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Admin => Self::Admin,
        }
    }
}

impl Revised for User {
    fn revision(&self) -> Revision {
        Revision::new(self.revision)
    }
}

impl Revised for UserWithUsage {
    fn revision(&self) -> Revision {
        self.user.revision()
    }
}
