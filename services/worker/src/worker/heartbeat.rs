//! Keeping leases.

use std::{collections::HashSet, time::Duration};

use pupila_proto::history::v1::LeasedTask;
use pupila_runtime::rpc::RpcError;
use tokio_util::sync::CancellationToken;

use super::{history::History, holdings::Holdings};
use crate::parking::Parking;

/// Between two heartbeats as long as history has not said how long a lease lasts.
const AT_FIRST: Duration = Duration::from_secs(3);
/// Between two heartbeats where a lease lasts next to nothing.
const SHORTEST: Duration = Duration::from_millis(50);

/// Renews all leases of a worker, and stops what is not its any more.
pub(super) struct Heartbeat {
    pub(super) history: History,
    pub(super) holdings: Holdings,
    pub(super) parking: Parking,
    /// Cancelled once history knows the worker.
    pub(super) known: CancellationToken,
}

impl Heartbeat {
    /// Beats three times a lease, for ever.
    pub(super) async fn run(self) {
        let mut interval = AT_FIRST;
        let mut pause = Duration::ZERO;
        loop {
            tokio::time::sleep(pause).await;
            let leases = self.holdings.leases();
            // Nothing is taken before the first.
            let is_urgent = !leases.is_empty() || !self.known.is_cancelled();
            match self.beat(leases).await {
                Ok(lease) => {
                    self.known.cancel();
                    interval = lease.map_or(interval, |lease| (lease / 3).max(SHORTEST));
                    pause = interval;
                }
                Err(error) => {
                    tracing::warn!(%error, "leases were not renewed");
                    pause = if is_urgent { interval / 3 } else { interval };
                }
            }
        }
    }

    /// Answers how long a lease lasts.
    async fn beat(&self, leases: Vec<LeasedTask>) -> Result<Option<Duration>, RpcError> {
        let capacity = self.holdings.capacity();
        let parked_by = self.parking.names();
        let answer = self
            .history
            .renew(leases.clone(), capacity, parked_by)
            .await?;
        let lost: HashSet<_> = answer.lost_task_ids.into_iter().collect();
        let lost = leases.iter().filter(|lease| lost.contains(&lease.task_id));
        let stopped = self.holdings.release(lost);
        if stopped > 0 {
            tracing::info!(stopped, "tasks were cancelled, or their leases ended");
            metrics::counter!("pupila_leases_lost_total").increment(stopped as u64);
        }
        let lease = answer.lease_duration;
        Ok(lease.and_then(|lease| Duration::try_from(lease).ok()))
    }
}
