//! What the service does by itself.

use std::{sync::Arc, time::Duration};

use pupila_runtime::rpc::with_causes;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::{departures::Departures, refolding::Refolding, sweeper::Sweeper};

/// How often what could not be deleted at once is tried again.
const FINISHING: Duration = Duration::from_secs(60);

/// What the service does by itself, until it is told to stop: sweeping the store, deleting what could not be deleted
/// at once, telling accounts which images are gone, and folding old texts anew.
pub struct Housekeeping {
    pub(crate) sweeper: Arc<Sweeper>,
    pub(crate) departures: Departures,
    pub(crate) refolding: Refolding,
}

impl Housekeeping {
    /// Runs until `stop`. Whatever it is at is broken off then, and begun again by the next process.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            sweeper,
            departures,
            refolding,
        } = self;
        let sweeping = stop.run_until_cancelled(sweep(&sweeper));
        let finishing = stop.run_until_cancelled(finish(&sweeper));
        tokio::join!(
            departures.run(stop.clone()),
            refolding.run(stop.clone()),
            sweeping,
            finishing
        );
    }
}

/// Sweeps from time to time. The first time is one interval after the start: processes that are started again and
/// again do not sweep each time.
async fn sweep(sweeper: &Sweeper) {
    let Some(interval) = sweeper.config.interval() else {
        return;
    };
    let mut ticks = interval_at(Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = sweeper.sweep().await {
            tracing::error!(
                error = with_causes(&error),
                "the object store was not swept"
            );
        }
    }
}

async fn finish(sweeper: &Sweeper) {
    let mut ticks = tokio::time::interval(FINISHING);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = sweeper.finish().await {
            tracing::warn!(
                error = with_causes(&error),
                "doomed objects are still there"
            );
        }
    }
}
