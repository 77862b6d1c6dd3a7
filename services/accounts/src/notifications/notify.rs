//! A job ended: who is told, and how.

use pupila_core::{NotificationId, UserId};
use pupila_db::Dialect;

use super::{
    NotificationError, Notifications,
    notification::{self, JobEnded, Notification},
    route::Route,
    settings::{self, Settings},
    subscription, webhook,
};
use crate::{
    AccountsError,
    account::{self, Account},
    again::again,
};

/// Most notifications that a user can read.
const MOST: i64 = 1_000;

impl<DB: Dialect> Notifications<DB> {
    /// Tells a user that a job ended: writes it into their list where they want that, once for each `key`, and answers
    /// by which other ways they want to hear of it: by e-mail while there are letters left in the hour, of which a repeat
    /// takes one more. One who is blocked or gone is told nothing.
    pub(super) async fn notify(
        &self,
        user: UserId,
        key: &str,
        job: &JobEnded,
    ) -> Result<Vec<Route>, NotificationError> {
        let mut routes = match again(|| self.try_notify(user, key, job)).await {
            Err(NotificationError::Accounts(AccountsError::AccountEnded)) => Vec::new(),
            told => told?,
        };
        if routes.contains(&Route::Email) && !self.may_write(user).await? {
            routes.retain(|route| *route != Route::Email);
        }
        Ok(routes)
    }

    async fn may_write(&self, user: UserId) -> Result<bool, AccountsError> {
        let throttle = &self.accounts.throttle;
        throttle
            .letter(user, self.letters_per_hour, self.now())
            .await
    }

    async fn try_notify(
        &self,
        user: UserId,
        key: &str,
        job: &JobEnded,
    ) -> Result<Vec<Route>, NotificationError> {
        let mut transaction = self.change(user).await?;
        let settings = settings::find::<DB>(&mut transaction, user).await?;
        if !settings.want(job) {
            return Ok(Vec::new());
        }
        let (account, _) = account::active::<DB>(&mut transaction, user).await?;
        let routes = routes::<DB>(&mut transaction, &account, &settings).await?;
        let is_new =
            settings.in_app && !notification::is_told::<DB>(&mut transaction, user, key).await?;
        if is_new {
            let now = self.now();
            let notification = Notification {
                id: NotificationId::new(now),
                create_time: now,
                unread: true,
                job: job.clone(),
            };
            notification::insert::<DB>(&mut transaction, user, key, &notification).await?;
            notification::delete_beyond::<DB>(&mut transaction, user, MOST).await?;
        }
        transaction.commit().await?;
        Ok(routes)
    }
}

/// The ways that a user wants to be told by, and can.
async fn routes<DB: Dialect>(
    connection: &mut DB::Connection,
    account: &Account,
    settings: &Settings,
) -> Result<Vec<Route>, NotificationError> {
    let mut routes = Vec::new();
    // The local user has no address.
    if settings.email && account.email.is_some() {
        routes.push(Route::Email);
    }
    if settings.push {
        let subscriptions = subscription::list::<DB>(connection, account.id).await?;
        let ids = subscriptions.into_iter().map(|browser| browser.id);
        routes.extend(ids.map(Route::Push));
    }
    if settings.webhook {
        let webhooks = webhook::list::<DB>(connection, account.id).await?;
        routes.extend(
            webhooks
                .into_iter()
                .map(|webhook| Route::Webhook(webhook.id)),
        );
    }
    Ok(routes)
}
