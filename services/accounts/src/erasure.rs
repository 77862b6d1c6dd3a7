//! What a deleted user owned, in every service, goes in the background. The wish to have it done is a row, written in the
//! transaction that deleted the user, so that it outlives a crash; each step may be repeated, so whoever goes on, goes
//! on from the start; and a service that is away is asked again, later and later.

mod row;
mod work;

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use jiff::SignedDuration;
use pupila_core::{Clock, UserId};
use pupila_proto::{
    history::v1::{self as history, history_service_client::HistoryServiceClient},
    images::v1::{self as images, image_service_client::ImageServiceClient},
};
use pupila_runtime::{rpc::with_causes, transport::Transport};
use tokio_util::sync::CancellationToken;

pub(crate) use row::request;
pub(crate) use work::{Claim, SqlWork, Work};

/// How long a service may take to delete what one user owns. Where that is not enough, the next try finds less.
const TIMEOUT: Duration = Duration::from_secs(60);
/// For how long a replica keeps the others away; so long after a crash somebody goes on.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How often a replica that is at it prolongs its lease.
const RENEWAL: Duration = Duration::from_secs(5);
/// The longest time between two tries.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// How often to look for what other replicas were asked for and did not finish.
const INTERVAL: Duration = Duration::from_secs(30);

/// Erases those who were deleted. Several replicas may do so at once.
pub struct Erasure {
    work: Arc<dyn Work>,
    clock: Arc<dyn Clock>,
}

/// The other services that keep what users own.
struct Owners {
    images: ImageServiceClient<Transport>,
    history: HistoryServiceClient<Transport>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Erasure {
    pub(crate) fn new(work: Arc<dyn Work>, clock: Arc<dyn Clock>) -> Self {
        Self { work, clock }
    }

    /// Erases whoever is deleted, until `stop`: at once those of this replica, after a while those of others.
    pub async fn run(self, images: Transport, history: Transport, stop: CancellationToken) {
        let owners = Owners {
            images: ImageServiceClient::new(images),
            history: HistoryServiceClient::new(history),
        };
        // What is broken off is durable, and taken up again by the next who runs.
        let forever = async {
            loop {
                // Registered before it looks, so that no deletion falls between looking and waiting.
                let deletion = self.work.deletion();
                let wait = self.erase_all(&owners).await;
                tokio::select! {
                    () = deletion => {}
                    () = tokio::time::sleep(wait) => {}
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = forever => {}
        }
    }

    /// Erases all whose turn it is; tells how long to wait for the next.
    async fn erase_all(&self, owners: &Owners) -> Duration {
        loop {
            match self.work.claim(self.clock.now(), LEASE).await {
                Ok(Some(claim)) => self.try_erase(owners, &claim).await,
                Ok(None) => return self.until_next().await,
                Err(error) => {
                    tracing::warn!(error = %with_causes(&error), "deleted users cannot be looked for");
                    return INTERVAL;
                }
            }
        }
    }

    async fn until_next(&self) -> Duration {
        let next = self.work.next_time().await.ok().flatten();
        let wait = next.map(|next| next.duration_since(self.clock.now()));
        let wait = wait.map(|wait| Duration::try_from(wait).unwrap_or(Duration::ZERO));
        wait.unwrap_or(INTERVAL).min(INTERVAL)
    }

    async fn try_erase(&self, owners: &Owners, claim: &Claim) {
        let user = claim.user;
        let Err(error) = self.hold(user, self.erase(owners, user)).await else {
            tracing::info!(%user, "a deleted user is erased");
            return;
        };
        let next = self.clock.now() + backoff(claim.attempts);
        tracing::warn!(%user, error = %with_causes(&*error), "a deleted user is not erased yet");
        if let Err(error) = self.work.postpone(user, next).await {
            // The lease ends by itself.
            tracing::warn!(%user, error = %with_causes(&error), "cannot write when to try again");
        }
    }

    /// Keeps the other replicas away from a user while `work` goes on.
    async fn hold<T>(&self, user: UserId, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match tokio::time::timeout(RENEWAL, &mut work).await {
                Ok(done) => return done,
                // Without a new lease somebody else comes too, and each finds what is left.
                Err(_) => drop(self.work.postpone(user, self.clock.now() + LEASE).await),
            }
        }
    }

    async fn erase(&self, owners: &Owners, user: UserId) -> Result<(), Failure> {
        // What was shared is no longer, whatever else may take.
        self.work.erase_albums(user).await?;
        let context = self.work.context().await?;
        let user_id = user.to_string();
        let call = context.call(images::EraseUserRequest { user_id }, TIMEOUT);
        owners.images.clone().erase_user(call).await?;
        let user_id = user.to_string();
        let call = context.call(history::EraseUserRequest { user_id }, TIMEOUT);
        owners.history.clone().erase_user(call).await?;
        Ok(self.work.finish(user).await?)
    }
}

/// How long to wait after so many tries: 1, 2, 4, … seconds.
fn backoff(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(30);
    SignedDuration::from_secs(1 << doublings).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_later_and_later() {
        let seconds = |attempts| backoff(attempts).as_secs();
        assert_eq!(
            [1, 2, 3, 9, 10, 1_000_000].map(seconds),
            [1, 2, 4, 256, 300, 300]
        );
    }
}
