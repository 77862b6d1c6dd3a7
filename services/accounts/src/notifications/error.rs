//! What notifications refuse, and what can go wrong.

use pupila_core::{
    ErrorCode, Fault, FieldViolation, InvalidPage, NotificationId, PushSubscriptionId, WebhookId,
};
use pupila_db::DatabaseError;

use super::webhook;
use crate::{AccountsError, again::Setback};

/// Why nothing was done with a notification.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotificationError {
    /// There is no such push subscription, or it is somebody else's: which of the two is not told.
    #[error("push subscription `{0}` does not exist")]
    SubscriptionNotFound(PushSubscriptionId),
    /// There is no such webhook, or it is somebody else's: which of the two is not told.
    #[error("webhook `{0}` does not exist")]
    WebhookNotFound(WebhookId),
    /// There is no such notification, or somebody else was told.
    #[error("notification `{0}` does not exist")]
    NotFound(NotificationId),
    /// The user does not want it there any more, or is not there themself.
    #[error("the route leads nowhere any more")]
    RouteGone,
    /// We never made this token.
    #[error("the link is not one of ours")]
    UnknownToken,
    /// Whoever reads the address wants no e-mails.
    #[error("whoever reads the e-mails asked for no more, by the link in one of them")]
    EmailStopped,
    /// The user has as many webhooks as one may.
    #[error("a user has at most {most} webhooks; delete one first", most = webhook::MOST)]
    TooManyWebhooks,
    /// What any part of accounts may refuse.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
}

impl NotificationError {
    /// One field at fault.
    pub(super) fn field(field: &str, description: impl Into<String>) -> Self {
        AccountsError::field(field, description).into()
    }
}

impl Setback for NotificationError {
    fn is_passing(&self) -> bool {
        match self {
            Self::Accounts(AccountsError::Unavailable(cause)) => cause.is_deadlock(),
            // Two who bring the same at once: the second then finds what the first brought.
            Self::Accounts(AccountsError::Store(cause)) => cause.is_unique_violation(),
            _ => false,
        }
    }
}

impl Fault for NotificationError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::SubscriptionNotFound(_)
            | Self::WebhookNotFound(_)
            | Self::NotFound(_)
            | Self::RouteGone
            | Self::UnknownToken => ErrorCode::NotFound,
            Self::EmailStopped | Self::TooManyWebhooks => ErrorCode::Conflict,
            Self::Accounts(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::SubscriptionNotFound(_) => "PUSH_SUBSCRIPTION_NOT_FOUND",
            Self::WebhookNotFound(_) => "WEBHOOK_NOT_FOUND",
            Self::NotFound(_) => "NOTIFICATION_NOT_FOUND",
            Self::RouteGone => "ROUTE_GONE",
            Self::UnknownToken => "UNSUBSCRIBE_TOKEN_UNKNOWN",
            Self::EmailStopped => "EMAIL_STOPPED",
            Self::TooManyWebhooks => "TOO_MANY_WEBHOOKS",
            Self::Accounts(error) => error.reason(),
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Accounts(error) => error.violations(),
            _ => Vec::new(),
        }
    }
}

impl From<InvalidPage> for NotificationError {
    fn from(error: InvalidPage) -> Self {
        AccountsError::from(error).into()
    }
}

impl From<DatabaseError> for NotificationError {
    fn from(error: DatabaseError) -> Self {
        AccountsError::from(error).into()
    }
}

impl From<sqlx::Error> for NotificationError {
    fn from(error: sqlx::Error) -> Self {
        AccountsError::from(error).into()
    }
}
