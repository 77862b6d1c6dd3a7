//! Routes: by what other ways a user is told, and where each leads at the time when it is taken.

use std::{fmt, str::FromStr};

use pupila_core::{PushSubscriptionId, UserId, WebhookId};
use pupila_db::Dialect;
use serde_json::json;

use super::{NotificationError, Notifications, settings, subscription, webhook};
use crate::{
    AccountsError,
    account::{self, Account, Language, State},
    again::again,
    audit::{self, Action},
    origin::Origin,
};

/// A way to tell a user. As text: `email`, `push:<id>` or `webhook:<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    Email,
    Push(PushSubscriptionId),
    Webhook(WebhookId),
}

/// The text is no route.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be email, push:<id> or webhook:<id>")]
pub(super) struct UnknownRoute;

/// Where a route leads, and to whom.
pub(super) struct Destination {
    pub(super) target: Target,
    pub(super) language: Language,
    pub(super) display_name: String,
}

/// Where a route leads.
pub(super) enum Target {
    Email {
        address: String,
        unsubscribe_token: String,
    },
    Push {
        endpoint: String,
        /// The browser's public key.
        p256dh: Vec<u8>,
        /// The secret that the browser shares with us.
        auth: Vec<u8>,
        /// The `Authorization` header for its push service.
        authorization: String,
    },
    Webhook {
        url: String,
        /// What messages are signed with.
        secret: String,
    },
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => f.write_str("email"),
            Self::Push(id) => write!(f, "push:{id}"),
            Self::Webhook(id) => write!(f, "webhook:{id}"),
        }
    }
}

impl FromStr for Route {
    type Err = UnknownRoute;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "email" => Ok(Self::Email),
            Some(("push", id)) => id.parse().map(Self::Push).map_err(|_| UnknownRoute),
            Some(("webhook", id)) => id.parse().map(Self::Webhook).map_err(|_| UnknownRoute),
            _ => Err(UnknownRoute),
        }
    }
}

impl<DB: Dialect> Notifications<DB> {
    /// Where a route of a user leads now.
    ///
    /// # Errors
    /// `ROUTE_GONE` where the user does not want to be told that way any more, cannot be, or is blocked or gone.
    pub(super) async fn resolve(
        &self,
        user: UserId,
        route: Route,
    ) -> Result<Destination, NotificationError> {
        let mut snapshot = self.accounts.pools.snapshot().await?;
        let found = account::find::<DB>(&mut snapshot, user).await?;
        let account = found
            .map(|(account, _)| account)
            .filter(|account| account.state == State::Active)
            .ok_or(NotificationError::RouteGone)?;
        let settings = settings::find::<DB>(&mut snapshot, user).await?;
        let wanted = match route {
            Route::Email => settings.email,
            Route::Push(_) => settings.push,
            Route::Webhook(_) => settings.webhook,
        };
        if !wanted {
            return Err(NotificationError::RouteGone);
        }
        let target = match route {
            Route::Email => self.email(&account),
            Route::Push(id) => subscription::find::<DB>(&mut snapshot, user, id)
                .await?
                .map(|found| self.push(found))
                .transpose()?,
            Route::Webhook(id) => {
                webhook::find::<DB>(&mut snapshot, user, id)
                    .await?
                    .map(|webhook| Target::Webhook {
                        url: webhook.url,
                        secret: webhook.secret,
                    })
            }
        };
        Ok(Destination {
            target: target.ok_or(NotificationError::RouteGone)?,
            language: account.language,
            display_name: account.display_name,
        })
    }

    fn email(&self, account: &Account) -> Option<Target> {
        Some(Target::Email {
            address: account.email.clone()?,
            unsubscribe_token: self.unsubscribe_key.token(account.id),
        })
    }

    fn push(&self, subscription: subscription::Subscription) -> Result<Target, NotificationError> {
        let endpoint = subscription.address();
        let endpoint = endpoint.map_err(|_| NotificationError::RouteGone)?;
        Ok(Target::Push {
            authorization: self.vapid.authorization(&endpoint, self.now())?,
            endpoint: subscription.endpoint,
            p256dh: subscription.p256dh,
            auth: subscription.auth,
        })
    }

    /// Forgets a route of a user that leads nowhere for good: the subscription, the webhook, or that they want e-mails.
    pub(super) async fn drop_route(
        &self,
        user: UserId,
        route: Route,
        origin: &Origin,
    ) -> Result<(), NotificationError> {
        again(|| async {
            let mut transaction = self.accounts.pools.transaction().await?;
            match route {
                Route::Email => settings::end_emails::<DB>(&mut transaction, user).await?,
                Route::Push(id) => {
                    subscription::delete::<DB>(&mut transaction, user, id).await?;
                }
                Route::Webhook(id) => {
                    if webhook::delete::<DB>(&mut transaction, user, id).await? {
                        let action = Action::WebhookDeleted;
                        let detail = json!({"cause": "gone"});
                        audit::record::<DB>(&mut transaction, origin, action, id, detail).await?;
                    }
                }
            }
            Ok(transaction.commit().await.map_err(AccountsError::from)?)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_comes_back_from_its_text() {
        let id = "01890000-0000-7000-8000-000000000000";
        for text in ["email", &format!("push:{id}"), &format!("webhook:{id}")] {
            let route: Route = text.parse().expect("a route");
            assert_eq!(route.to_string(), *text);
        }
        let huge = "push:".repeat(100_000);
        for text in ["", "email:", "push", "push:", "push:1", "sms:1", id, &huge] {
            assert_eq!(text.parse::<Route>(), Err(UnknownRoute), "{text:.50}");
        }
    }
}
