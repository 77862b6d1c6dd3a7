//! What is to be erased, as the database keeps it: without the engine's type, so that [`Erasure`](super::Erasure) has
//! none either.

use std::{future::Future, pin::Pin};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pupila_core::{Caller, RequestId, UserId};
use pupila_db::Dialect;
use pupila_runtime::{context::RequestContext, identity::Credential};
use serde_json::json;

use super::row;
use crate::{
    AccountsError, account,
    accounts::Accounts,
    albums::{AlbumError, Albums},
    audit::{self, Action},
    origin::Origin,
};

/// The name by which other services know accounts.
const NAME: &str = "accounts";

/// A user whose turn it is.
pub(crate) struct Claim {
    pub(crate) user: UserId,
    /// How often it was tried, this time included.
    pub(crate) attempts: i64,
}

/// What is to be erased.
#[async_trait]
pub(crate) trait Work: Send + Sync {
    /// Comes when this replica deletes somebody.
    fn deletion(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// A user whose turn it is, kept from other replicas until the lease ends.
    async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claim>, AccountsError>;

    /// When it is the next one's turn.
    async fn next_time(&self) -> Result<Option<Timestamp>, AccountsError>;

    /// Writes before when nobody else is to try.
    async fn postpone(&self, user: UserId, next: Timestamp) -> Result<(), AccountsError>;

    /// A request that accounts makes for itself.
    async fn context(&self) -> Result<RequestContext, AccountsError>;

    /// Deletes the albums of a user, and what they share in those of others.
    async fn erase_albums(&self, user: UserId) -> Result<(), AlbumError>;

    /// Deletes the user: nothing else is left.
    async fn finish(&self, user: UserId) -> Result<(), AccountsError>;
}

/// Erasure for accounts in a database.
pub(crate) struct SqlWork<DB: Dialect> {
    pub(crate) accounts: std::sync::Arc<Accounts<DB>>,
    pub(crate) albums: Albums<DB>,
}

#[async_trait]
impl<DB: Dialect> Work for SqlWork<DB> {
    fn deletion(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut deletion = Box::pin(self.accounts.deletions.notified());
        deletion.as_mut().enable();
        deletion
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claim>, AccountsError> {
        let mut writer = self.accounts.pools.writer().await?;
        Ok(row::claim::<DB>(&mut writer, now, now + lease).await?)
    }

    async fn next_time(&self) -> Result<Option<Timestamp>, AccountsError> {
        let mut reader = self.accounts.pools.reader().await?;
        Ok(row::next_time::<DB>(&mut reader).await?)
    }

    async fn postpone(&self, user: UserId, next: Timestamp) -> Result<(), AccountsError> {
        let mut writer = self.accounts.pools.writer().await?;
        Ok(row::postpone::<DB>(user, next).execute(&mut writer).await?)
    }

    async fn context(&self) -> Result<RequestContext, AccountsError> {
        let token = self
            .accounts
            .keys
            .sign(&Caller::Service(NAME.to_owned()))
            .await?;
        Ok(RequestContext {
            request_id: RequestId::new(self.accounts.clock.now()),
            credential: Credential::bearer(&token.token),
            address: None,
        })
    }

    async fn erase_albums(&self, user: UserId) -> Result<(), AlbumError> {
        self.albums.erase_user(user).await
    }

    async fn finish(&self, user: UserId) -> Result<(), AccountsError> {
        let now = self.accounts.clock.now();
        let origin = Origin {
            actor: None,
            address: None,
            request_id: RequestId::new(now),
            time: now,
        };
        let mut transaction = self.accounts.pools.transaction().await?;
        // Another replica may have been quicker.
        if row::delete::<DB>(user)
            .rows_affected(&mut transaction)
            .await?
            == 1
        {
            account::delete::<DB>(&mut transaction, user).await?;
            let action = Action::UserErased;
            audit::record::<DB>(&mut transaction, &origin, action, user, json!({})).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}
