//! Webhooks: addresses that a user wants called, with messages that are signed with a secret of the webhook's own. Life
//! cycle: made, called many times, deleted.

mod row;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use pupila_core::{User, UserId, WebhookId};
use pupila_db::Dialect;
use serde_json::json;

use super::{NotificationError, Notifications, address::Address};
use crate::{
    AccountsError,
    again::again,
    audit::{self, Action},
    origin::Origin,
    secret::Secret,
    session,
};

pub(super) use row::{delete, delete_all, find, list};

/// Most webhooks of a user.
pub(super) const MOST: usize = 10;
/// What a secret begins with (Standard Webhooks, "Signature scheme"), so that every library for it takes ours as it is.
const PREFIX: &str = "whsec_";

/// A webhook, with its secret.
#[derive(Clone)]
pub(super) struct Webhook {
    pub(super) id: WebhookId,
    pub(super) url: String,
    /// What messages are signed with: `whsec_` and the key in base64.
    pub(super) secret: String,
    pub(super) create_time: Timestamp,
}

impl Webhook {
    /// The same, as `caller` may see it. An address often holds a secret of whoever takes the messages, and an API key
    /// that reads the account is no reason to tell it: keys see where it leads, people what they wrote.
    fn seen_by(self, caller: &User) -> Self {
        // The local user has no sessions.
        if caller.session.is_some() || caller.id == UserId::LOCAL {
            return self;
        }
        let origin = Address::of_webhook("url", &self.url).map(|address| address.origin());
        Self {
            url: origin.unwrap_or_default() + "/…",
            ..self
        }
    }
}

impl<DB: Dialect> Notifications<DB> {
    /// The webhooks of a user, the oldest first.
    pub(super) async fn webhooks(&self, caller: &User) -> Result<Vec<Webhook>, NotificationError> {
        let mut reader = self.accounts.pools.reader().await?;
        let webhooks = row::list::<DB>(&mut reader, caller.id).await?.into_iter();
        Ok(webhooks.map(|webhook| webhook.seen_by(caller)).collect())
    }

    /// Adds a webhook. The record tells of it, because what the user is told goes out through it from now on.
    ///
    /// # Errors
    /// `TOO_MANY_WEBHOOKS`; `ACCOUNT_ENDED` or `SESSION_ENDED` for a token that outlives them.
    pub(super) async fn create_webhook(
        &self,
        caller: &User,
        address: &Address,
        origin: &Origin,
    ) -> Result<Webhook, NotificationError> {
        again(|| self.try_create_webhook(caller, address, origin)).await
    }

    async fn try_create_webhook(
        &self,
        caller: &User,
        address: &Address,
        origin: &Origin,
    ) -> Result<Webhook, NotificationError> {
        let webhook = Webhook {
            id: WebhookId::new(origin.time),
            url: address.as_str().to_owned(),
            secret: secret()?,
            create_time: origin.time,
        };
        let mut transaction = self.accounts.pools.transaction().await?;
        session::hold_caller::<DB>(&mut transaction, caller, origin.time).await?;
        if row::list::<DB>(&mut transaction, caller.id).await?.len() >= MOST {
            return Err(NotificationError::TooManyWebhooks);
        }
        row::insert::<DB>(&mut transaction, caller.id, &webhook).await?;
        // The rest of the address may be a secret of whoever takes the messages.
        let detail = json!({"host": address.host()});
        let action = Action::WebhookCreated;
        audit::record::<DB>(&mut transaction, origin, action, webhook.id, detail).await?;
        transaction.commit().await?;
        Ok(webhook)
    }

    /// Ends a webhook of a user.
    ///
    /// # Errors
    /// `WEBHOOK_NOT_FOUND` where there is none, or it is somebody else's.
    pub(super) async fn delete_webhook(
        &self,
        user: UserId,
        id: WebhookId,
        origin: &Origin,
    ) -> Result<(), NotificationError> {
        again(|| async {
            let mut transaction = self.accounts.pools.transaction().await?;
            if !row::delete::<DB>(&mut transaction, user, id).await? {
                return Err(NotificationError::WebhookNotFound(id));
            }
            let action = Action::WebhookDeleted;
            audit::record::<DB>(&mut transaction, origin, action, id, json!({})).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }
}

fn secret() -> Result<String, AccountsError> {
    let key = BASE64_STANDARD.encode(Secret::generate()?.as_bytes());
    Ok(format!("{PREFIX}{key}"))
}
