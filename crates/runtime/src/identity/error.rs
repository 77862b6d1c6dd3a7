//! Why a call was not let in.

use pupila_core::{ErrorCode, Fault};

/// Why a call was not let in.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// No token was sent where one is needed.
    #[error("sign in first: the request carries no access token")]
    Missing,
    /// The `authorization` header is not `Bearer TOKEN`.
    #[error("the authorization header must read `Bearer TOKEN`")]
    Scheme,
    /// The token was not signed by us, or not for us, or is damaged.
    #[error("the access token is not valid")]
    Invalid,
    /// The token has ended.
    #[error("the access token has expired")]
    Expired,
    /// The token's owner may not do this.
    #[error("the access token does not allow this")]
    WrongCaller,
    /// Only administrators may do this.
    #[error("only an administrator may do this")]
    AdminOnly,
    /// The token lacks the method's scope.
    #[error("the access token needs the scope `{0}` for this")]
    Scope(&'static str),
    /// The method is not described, so nobody may call it.
    #[error("there is no such method")]
    NoSuchMethod,
    /// The public keys cannot be fetched.
    #[error("access tokens cannot be verified now")]
    Keys(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Fault for AccessError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Missing | Self::Scheme | Self::Invalid | Self::Expired => {
                ErrorCode::Unauthenticated
            }
            Self::WrongCaller | Self::AdminOnly | Self::Scope(_) => ErrorCode::PermissionDenied,
            Self::NoSuchMethod => ErrorCode::MethodNotAllowed,
            Self::Keys(_) => ErrorCode::Unavailable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Missing | Self::Scheme => "UNAUTHENTICATED",
            Self::Invalid => "TOKEN_INVALID",
            Self::Expired => "TOKEN_EXPIRED",
            Self::WrongCaller => "PERMISSION_DENIED",
            Self::AdminOnly => "ADMIN_ONLY",
            Self::Scope(_) => "SCOPE_MISSING",
            Self::NoSuchMethod => "METHOD_NOT_ALLOWED",
            Self::Keys(_) => "KEYS_UNAVAILABLE",
        }
    }
}
