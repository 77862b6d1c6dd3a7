//! What the service does by itself.

use std::sync::Arc;

use pupila_core::Clock;
use pupila_queue::Queue;
use tokio_util::sync::CancellationToken;

use crate::jobs::{JobView, Sweeper, gauges};

/// What the service does by itself, until it is told to stop: finding tasks that were forgotten, and measuring the load.
pub struct Housekeeping {
    /// Finds what was forgotten.
    pub sweeper: Sweeper,
    pub(crate) view: Arc<dyn JobView>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Ends the streams of those who watch jobs: they would hold the process up.
    pub(crate) closing: CancellationToken,
}

impl Housekeeping {
    /// Runs until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            sweeper,
            view,
            queue,
            clock,
            closing,
        } = self;
        let close = async {
            stop.cancelled().await;
            closing.cancel();
        };
        tokio::join!(
            sweeper.run(stop.clone()),
            gauges::run(view, queue, clock, stop.clone()),
            close,
        );
    }
}
