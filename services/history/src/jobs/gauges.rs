//! The load as metrics. Every replica tells the same: a dashboard takes the greatest.

use std::{sync::Arc, time::Duration};

use pupila_core::Clock;
use pupila_queue::Queue;
use pupila_runtime::rpc::with_causes;
use tokio_util::sync::CancellationToken;

use super::{JobView, Load};

/// Between two looks: as often as metrics are commonly scraped.
const INTERVAL: Duration = Duration::from_secs(10);

/// Sets the gauges of the load until `stop`.
pub(crate) async fn run(
    view: Arc<dyn JobView>,
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    while stop
        .run_until_cancelled(tokio::time::sleep(INTERVAL))
        .await
        .is_some()
    {
        match view.load(clock.now()).await {
            Ok(load) => set(&load, &*clock),
            Err(error) => tracing::warn!(error = %with_causes(&error), "the load is not known"),
        }
        let up = queue.ping().await.is_ok();
        metrics::gauge!("pupila_queue_up").set(if up { 1.0 } else { 0.0 });
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "metrics are floating-point numbers"
)]
fn set(load: &Load, clock: &dyn Clock) {
    for lane in &load.lanes {
        let priority = lane.priority.as_str();
        let age = lane.oldest.map_or(0.0, |oldest| {
            clock.now().duration_since(oldest).as_secs_f64().max(0.0)
        });
        metrics::gauge!("pupila_queue_waiting", "priority" => priority).set(lane.waiting as f64);
        metrics::gauge!("pupila_queue_delayed", "priority" => priority).set(lane.delayed as f64);
        metrics::gauge!("pupila_queue_running", "priority" => priority).set(lane.running as f64);
        metrics::gauge!("pupila_queue_oldest_seconds", "priority" => priority).set(age);
    }
    metrics::gauge!("pupila_queue_dead_letters").set(load.dead as f64);
    metrics::gauge!("pupila_workers_alive").set(load.workers.len() as f64);
    let parked = load
        .workers
        .iter()
        .filter(|worker| !worker.parked_by.is_empty());
    metrics::gauge!("pupila_workers_parked").set(parked.count() as f64);
}
