//! What the record tells of.

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Somebody made an account, or an administrator made one for them.
    UserCreated,
    /// Somebody tried to make an account with an address that has one.
    UserRegistrationRefused,
    /// Somebody changed their password.
    UserPasswordChanged,
    /// An administrator changed what a user may do.
    UserRoleChanged,
    /// An administrator keeps a user out.
    UserBlocked,
    /// An administrator lets a user in again.
    UserUnblocked,
    /// A user, or an administrator, decided that the user goes.
    UserDeleted,
    /// Nothing of a deleted user is left.
    UserErased,
    /// A session began.
    SessionSignedIn,
    /// A session did not begin.
    SessionRefused,
    /// A user ended the session that they were using.
    SessionSignedOut,
    /// A user ended another session of theirs.
    SessionRevoked,
    /// A refresh token came a second time: somebody else has it too, so its session was ended.
    SessionReused,
    /// Somebody said to be a service, and did not know its secret.
    ServiceRefused,
    /// A user made an API key.
    ApiKeyCreated,
    /// A user ended an API key.
    ApiKeyRevoked,
    /// The owner deleted an album.
    AlbumDeleted,
    /// The owner let somebody into an album, or changed their role there.
    AlbumMemberAdded,
    /// A membership of an album ended.
    AlbumMemberRemoved,
    /// The owner made a share link.
    AlbumLinkCreated,
    /// The owner ended a share link.
    AlbumLinkDeleted,
    /// Somebody opened a share link.
    AlbumLinkOpened,
    /// Somebody tried to open a share link with a wrong password.
    AlbumLinkRefused,
    /// A user made a webhook: what they are told goes there.
    WebhookCreated,
    /// A webhook ended.
    WebhookDeleted,
}

impl Action {
    /// Its name in the record.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::UserCreated => "user.created",
            Self::UserRegistrationRefused => "user.registration_refused",
            Self::UserPasswordChanged => "user.password_changed",
            Self::UserRoleChanged => "user.role_changed",
            Self::UserBlocked => "user.blocked",
            Self::UserUnblocked => "user.unblocked",
            Self::UserDeleted => "user.deleted",
            Self::UserErased => "user.erased",
            Self::SessionSignedIn => "session.signed_in",
            Self::SessionRefused => "session.refused",
            Self::SessionSignedOut => "session.signed_out",
            Self::SessionRevoked => "session.revoked",
            Self::SessionReused => "session.reused",
            Self::ServiceRefused => "service.refused",
            Self::ApiKeyCreated => "api_key.created",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::AlbumDeleted => "album.deleted",
            Self::AlbumMemberAdded => "album.member_added",
            Self::AlbumMemberRemoved => "album.member_removed",
            Self::AlbumLinkCreated => "album.link_created",
            Self::AlbumLinkDeleted => "album.link_deleted",
            Self::AlbumLinkOpened => "album.link_opened",
            Self::AlbumLinkRefused => "album.link_refused",
            Self::WebhookCreated => "webhook.created",
            Self::WebhookDeleted => "webhook.deleted",
        }
    }
}
