//! What users want to be told when a job ends, where, and what they were told.
//!
//! A job's end comes here once ([`notify`]), is written into the user's list, and leads to routes: one for each other
//! place that the user wants to hear of it. Whoever delivers asks again where a route leads ([`route`]), so that nothing
//! is sent to where it is not wanted any more. Nothing is sent from here.
//!
//! Every row is written while the user's account is held, and all go in the transaction that deletes the account.

mod address;
mod error;
mod grpc;
mod kept_key;
mod notification;
mod notify;
#[cfg(test)]
mod plan;
mod route;
mod settings;
mod subscription;
mod unsubscribing;
mod vapid;
mod webhook;

use std::sync::Arc;

use jiff::Timestamp;
use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect};
use sqlx::Transaction;

use crate::{AccountsError, account, accounts::Accounts, config::AccountsConfig};

pub(crate) use grpc::NotificationService;
pub(crate) use notification::sweep;
pub(crate) use subscription::{forget_other_sessions, forget_session};

use error::NotificationError;
use unsubscribing::UnsubscribeKey;
use vapid::Vapid;

/// The rules of notifications. Each concern has a file of its own with its part of them.
pub(crate) struct Notifications<DB: Dialect> {
    accounts: Arc<Accounts<DB>>,
    vapid: Vapid,
    unsubscribe_key: UnsubscribeKey,
    /// Most e-mails to a user in an hour.
    letters_per_hour: u32,
}

impl<DB: Dialect> Notifications<DB> {
    /// The notifications of the users of `accounts`. Makes the keys that they need, where there are none.
    ///
    /// # Errors
    /// The database is away, or holds what is no key.
    pub(crate) async fn open(
        accounts: Arc<Accounts<DB>>,
        config: &AccountsConfig,
    ) -> Result<Self, AccountsError> {
        let now = accounts.clock.now();
        Ok(Self {
            vapid: Vapid::open(&accounts.pools, config.push.contact.clone(), now).await?,
            unsubscribe_key: UnsubscribeKey::open(&accounts.pools, now).await?,
            letters_per_hour: config.notifications.letters_per_hour,
            accounts,
        })
    }

    /// The time.
    fn now(&self) -> Timestamp {
        self.accounts.clock.now()
    }

    /// Begins a change of what `user` owns here. Nobody else changes it until the transaction ends.
    async fn change(&self, user: UserId) -> Result<Transaction<'static, DB>, AccountsError> {
        let mut transaction = self.accounts.pools.transaction().await?;
        account::hold_active::<DB>(&mut transaction, user).await?;
        Ok(transaction)
    }
}

/// Deletes all that a user owns here: of one who is held, and is not active any more when the transaction ends.
pub(crate) async fn delete_all<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    settings::delete::<DB>(transaction, user).await?;
    subscription::delete_all::<DB>(transaction, user).await?;
    webhook::delete_all::<DB>(transaction, user).await?;
    notification::delete_all::<DB>(transaction, user).await
}
