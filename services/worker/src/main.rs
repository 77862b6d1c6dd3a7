//! `pupila-worker`: a worker in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_queue::QueueConfig;
use pupila_runtime::{
    config::ConfigError,
    grpc::{self, RpcServices},
    identity::{Guard, ServiceIdentity},
    process::{self, Process, StartError},
    readiness::Parts,
    transport,
};
use pupila_worker::{UpstreamConfig, Upstreams, WorkerConfig};
use tokio_util::task::TaskTracker;

pupila_runtime::service_config!(
    queue: QueueConfig,
    worker: WorkerConfig,
    upstream: UpstreamConfig,
);

fn main() -> ExitCode {
    process::main("pupila-worker", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    if !config.queue.is_shared() {
        let fault = "queue.url: must be set, or nobody wakes this worker";
        return Err(ConfigError::new(fault.to_owned()).into());
    }
    let clock = Arc::new(SystemClock);
    let guard = Guard::remote(&config.identity, clock.clone())?;
    let accounts = transport::remote(&config.identity.accounts)?;
    let secret = config.identity.own_secret()?;
    let identity = ServiceIdentity::new("worker", secret, accounts.clone(), clock.clone());
    let queue = pupila_queue::open(&config.queue, clock.clone()).await?;
    let upstreams = Upstreams::remote(accounts, &config.upstream)?;
    let opened = pupila_worker::open(&config.worker, clock, queue, upstreams, identity).await?;
    let parts = Parts::new(vec![opened.readiness]);

    let background = TaskTracker::new();
    background.spawn(opened.worker.run(process.stop.clone()));
    background.close();
    // It answers nothing but whether it is well.
    grpc::host(
        &config.server,
        RpcServices::default(),
        guard,
        parts,
        process,
    )
    .await?;
    background.wait().await;
    Ok(())
}
