//! The load as metrics. Every replica tells the same: a dashboard takes the greatest.

use std::{sync::Arc, time::Duration};

use pupila_core::Clock;
use pupila_queue::{Priority, Queue};
use pupila_runtime::rpc::with_causes;
use tokio_util::sync::CancellationToken;

use super::{JobView, Load};

/// Between two looks: as often as metrics are commonly scraped.
const INTERVAL: Duration = Duration::from_secs(10);

const WAITING: &str = "pupila_queue_waiting";
const DELAYED: &str = "pupila_queue_delayed";
const RUNNING: &str = "pupila_queue_running";
const OLDEST: &str = "pupila_queue_oldest_seconds";
const DEAD: &str = "pupila_queue_dead_letters";
const ALIVE: &str = "pupila_workers_alive";
const PARKED: &str = "pupila_workers_parked";

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
        let load = view.load(clock.now()).await;
        match &load {
            Ok(load) => set(load, &*clock),
            Err(error) => {
                tracing::warn!(error = %with_causes(error), "the load is not known");
                forget();
            }
        }
        flag("pupila_load_known", load.is_ok());
        flag("pupila_queue_up", queue.ping().await.is_ok());
    }
}

fn flag(name: &'static str, is_so: bool) {
    metrics::gauge!(name).set(f64::from(u8::from(is_so)));
}

/// What was known is true no more, and no number is better than an old one.
fn forget() {
    for priority in [Priority::Interactive, Priority::Batch] {
        for name in [WAITING, DELAYED, RUNNING, OLDEST] {
            metrics::gauge!(name, "priority" => priority.as_str()).set(f64::NAN);
        }
    }
    for name in [DEAD, ALIVE, PARKED] {
        metrics::gauge!(name).set(f64::NAN);
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
        metrics::gauge!(WAITING, "priority" => priority).set(lane.waiting as f64);
        metrics::gauge!(DELAYED, "priority" => priority).set(lane.delayed as f64);
        metrics::gauge!(RUNNING, "priority" => priority).set(lane.running as f64);
        metrics::gauge!(OLDEST, "priority" => priority).set(age);
    }
    metrics::gauge!(DEAD).set(load.dead as f64);
    metrics::gauge!(ALIVE).set(load.workers.len() as f64);
    let parked = load
        .workers
        .iter()
        .filter(|worker| !worker.parked_by.is_empty());
    metrics::gauge!(PARKED).set(parked.count() as f64);
}
