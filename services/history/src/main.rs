//! `pupila-history`: the history service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_history::HistoryConfig;
use pupila_queue::QueueConfig;
use pupila_runtime::{
    config::ConfigError,
    grpc,
    identity::Guard,
    process::{self, Process, StartError},
    readiness::Parts,
};
use tokio_util::task::TaskTracker;

pupila_runtime::service_config!(history: HistoryConfig, queue: QueueConfig);

fn main() -> ExitCode {
    process::main("pupila-history", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    if !config.queue.is_shared() {
        let fault = "queue.url: must be set, or no worker hears of any job";
        return Err(ConfigError::new(fault.to_owned()).into());
    }
    let clock = Arc::new(SystemClock);
    let guard = Guard::remote(&config.identity, clock.clone())?;
    let queue = pupila_queue::open(&config.queue, clock.clone()).await?;
    let history = pupila_history::open(&config.history, clock, queue).await?;
    let parts = Parts::new(vec![history.readiness.clone()]);

    let background = TaskTracker::new();
    background.spawn(history.housekeeping.run(process.stop.clone()));
    background.close();
    grpc::host(&config.server, history.services, guard, parts, process).await?;
    background.wait().await;
    history.readiness.close().await;
    Ok(())
}
