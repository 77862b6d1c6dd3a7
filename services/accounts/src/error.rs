//! What accounts refuses, and what can go wrong.

use std::time::Duration;

use pupila_core::{ApiKeyId, ErrorCode, Fault, FieldViolation, InvalidPage, SessionId, UserId};
use pupila_db::DatabaseError;

/// Why accounts did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Fields that cannot be.
    #[error("the request has invalid fields: {}", names(.0))]
    Invalid(Vec<FieldViolation>),
    /// A page that cannot be.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// The address and the password do not belong together: which of them is wrong is not told.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The refresh token is none, was used, or its session has ended: which of them is not told.
    #[error("the refresh token is not valid any more: sign in again")]
    WrongRefreshToken,
    /// The API key is none, has ended, or its owner may not sign in: which of them is not told.
    #[error("the API key is not valid")]
    WrongApiKey,
    /// There is no such service, or it has another secret.
    #[error("the service is not known by this secret")]
    UnknownService,
    /// The caller's account was blocked or deleted after the token was made.
    #[error("the account is blocked or deleted")]
    AccountEnded,
    /// The session was ended after the token was made.
    #[error("the session has ended: sign in again")]
    SessionEnded,
    /// An administrator keeps the user out.
    #[error("the account is blocked")]
    Blocked,
    /// The caller, who is signed in, did not know their password.
    #[error("the password is wrong")]
    WrongPassword,
    /// The caller does not administer, or no longer does.
    #[error("only an administrator may do this")]
    AdminOnly,
    /// Nobody may make an account for themselves.
    #[error("registration is closed; ask an administrator for an account")]
    RegistrationClosed,
    /// The operator runs Pupila with accounts.
    #[error("there is no local user here: sign in")]
    LocalUserOff,
    /// There is no such user.
    #[error("user `{0}` does not exist")]
    UserNotFound(UserId),
    /// The session has ended, or is somebody else's: which of the two is not told.
    #[error("session `{0}` does not exist")]
    SessionNotFound(SessionId),
    /// There is no such key, or it is somebody else's: which of the two is not told.
    #[error("API key `{0}` does not exist")]
    ApiKeyNotFound(ApiKeyId),
    /// Another user has that address.
    #[error("another user has that e-mail address")]
    EmailTaken,
    /// Nobody would be left who can administer.
    #[error("this is the last administrator; make somebody else one first")]
    LastAdministrator,
    /// Who is on the way out does not change.
    #[error("the user is being deleted")]
    Deleting,
    /// What only those have who signed up.
    #[error("the local user has no password and always may do everything")]
    LocalUser,
    /// The user has as many keys as one may.
    #[error("a user has at most 100 API keys; revoke one first")]
    TooManyApiKeys,
    /// The creation was done by an earlier call, which alone was told the secret.
    #[error("it was created already; its secret was shown then")]
    AlreadyCreated,
    /// Something else was created with that key.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// It has changed since the caller looked.
    #[error("it has changed since you looked: fetch it again")]
    RevisionMismatch,
    /// Too many attempts to sign in or the like.
    #[error("too many attempts; try again in {} s", .0.as_secs())]
    TooManyAttempts(Duration),
    /// As many passwords are worked on, and wait, as may.
    #[error("too many people sign in at once; try again later")]
    PasswordQueueFull,
    /// The database is away.
    #[error("accounts cannot be reached now")]
    Unavailable(#[source] DatabaseError),
    /// The database refused what we asked of it.
    #[error("the store of accounts failed")]
    Store(#[source] DatabaseError),
    /// Rows make no sense, or the system has no randomness: a fault of ours.
    #[error("accounts failed")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AccountsError {
    /// One field at fault.
    pub(crate) fn field(field: &str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldViolation::new(field, description)])
    }
}

impl Fault for AccountsError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Invalid(_) => ErrorCode::InvalidArgument,
            Self::Page(page) => page.code(),
            Self::WrongCredentials
            | Self::WrongRefreshToken
            | Self::WrongApiKey
            | Self::UnknownService
            | Self::AccountEnded
            | Self::SessionEnded => ErrorCode::Unauthenticated,
            Self::Blocked
            | Self::WrongPassword
            | Self::AdminOnly
            | Self::RegistrationClosed
            | Self::LocalUserOff => ErrorCode::PermissionDenied,
            Self::UserNotFound(_) | Self::SessionNotFound(_) | Self::ApiKeyNotFound(_) => {
                ErrorCode::NotFound
            }
            Self::EmailTaken
            | Self::LastAdministrator
            | Self::Deleting
            | Self::LocalUser
            | Self::TooManyApiKeys
            | Self::AlreadyCreated
            | Self::IdempotencyKeyReused => ErrorCode::Conflict,
            Self::RevisionMismatch => ErrorCode::PreconditionFailed,
            Self::TooManyAttempts(_) | Self::PasswordQueueFull => ErrorCode::ResourceExhausted,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Store(_) | Self::Broken(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_ARGUMENT",
            Self::Page(page) => page.reason(),
            Self::WrongCredentials => "CREDENTIALS_INVALID",
            Self::WrongRefreshToken => "REFRESH_TOKEN_INVALID",
            Self::WrongApiKey => "API_KEY_INVALID",
            Self::UnknownService => "SERVICE_UNKNOWN",
            Self::AccountEnded => "ACCOUNT_ENDED",
            Self::SessionEnded => "SESSION_ENDED",
            Self::Blocked => "ACCOUNT_BLOCKED",
            Self::WrongPassword => "PASSWORD_WRONG",
            Self::AdminOnly => "ADMIN_ONLY",
            Self::RegistrationClosed => "REGISTRATION_CLOSED",
            Self::LocalUserOff => "LOCAL_USER_OFF",
            Self::UserNotFound(_) => "USER_NOT_FOUND",
            Self::SessionNotFound(_) => "SESSION_NOT_FOUND",
            Self::ApiKeyNotFound(_) => "API_KEY_NOT_FOUND",
            Self::EmailTaken => "EMAIL_TAKEN",
            Self::LastAdministrator => "LAST_ADMINISTRATOR",
            Self::Deleting => "USER_DELETING",
            Self::LocalUser => "LOCAL_USER",
            Self::TooManyApiKeys => "TOO_MANY_API_KEYS",
            Self::AlreadyCreated => "ALREADY_CREATED",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::RevisionMismatch => "REVISION_MISMATCH",
            Self::TooManyAttempts(_) => "TOO_MANY_ATTEMPTS",
            Self::PasswordQueueFull => "PASSWORD_QUEUE_FULL",
            Self::Unavailable(_) => "ACCOUNTS_UNAVAILABLE",
            Self::Store(_) | Self::Broken(_) => "ACCOUNTS_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Invalid(violations) => violations.clone(),
            Self::Page(page) => page.violations(),
            _ => Vec::new(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts(wait) => Some(*wait),
            _ => None,
        }
    }
}

impl From<DatabaseError> for AccountsError {
    fn from(error: DatabaseError) -> Self {
        match error.code() {
            ErrorCode::Unavailable => Self::Unavailable(error),
            _ => Self::Store(error),
        }
    }
}

impl From<sqlx::Error> for AccountsError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

fn names(violations: &[FieldViolation]) -> String {
    let names: Vec<_> = violations.iter().map(|at| at.field.as_str()).collect();
    names.join(", ")
}
