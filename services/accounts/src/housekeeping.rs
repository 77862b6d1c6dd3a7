//! What has to be done from time to time: new signing keys, and the end of what has expired.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use pupila_db::Dialect;
use pupila_runtime::rpc::with_causes;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{AccountsError, accounts::Accounts, audit, notifications, session};

/// How often to look whether something is to be done.
const INTERVAL: Duration = Duration::from_secs(60);

/// Makes new signing keys in time, and deletes what has expired. Every replica does so.
pub struct Housekeeping(Arc<dyn Household>);

/// What is to be kept in order, without the type of its database.
#[async_trait]
pub(crate) trait Household: Send + Sync {
    /// Does all that is due.
    async fn tidy(&self) -> Result<(), AccountsError>;
}

impl Housekeeping {
    pub(crate) fn new(household: Arc<dyn Household>) -> Self {
        Self(household)
    }

    /// Looks every minute, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => self.tidy().await,
            }
        }
    }

    /// Does once what is due now.
    pub async fn tidy(&self) {
        if let Err(error) = self.0.tidy().await {
            tracing::warn!(error = %with_causes(&error), "accounts cannot be tidied");
        }
    }
}

#[async_trait]
impl<DB: Dialect> Household for Accounts<DB> {
    async fn tidy(&self) -> Result<(), AccountsError> {
        self.keys.rotate().await?;
        let now = self.clock.now();
        self.throttle.sweep(now).await?;
        session::sweep::<DB>(&self.pools, now).await?;
        let mut writer = self.pools.writer().await?;
        notifications::sweep::<DB>(&mut writer, now).await?;
        if let Some(kept) = self.audit.kept() {
            audit::sweep::<DB>(&mut writer, now - kept).await?;
        }
        Ok(())
    }
}
