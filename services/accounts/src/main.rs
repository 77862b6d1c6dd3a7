//! `pupila-accounts`: the accounts service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_accounts::{AccountsConfig, UpstreamConfig};
use pupila_core::SystemClock;
use pupila_runtime::{
    grpc,
    identity::{Guard, Verifier},
    process::{self, Process, StartError},
    readiness::Parts,
    transport,
};
use tokio_util::task::TaskTracker;

pupila_runtime::service_config!(accounts: AccountsConfig, upstream: UpstreamConfig);

fn main() -> ExitCode {
    process::main("pupila-accounts", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let clock = Arc::new(SystemClock);
    let images = transport::remote(&config.upstream.images)?;
    let history = transport::remote(&config.upstream.history)?;
    let accounts = pupila_accounts::open(&config.accounts, clock.clone()).await?;
    let guard = Guard::new(Verifier::new(accounts.keys, clock));
    let parts = Parts::new(vec![accounts.readiness.clone()]);

    let background = TaskTracker::new();
    background.spawn(accounts.housekeeping.run(process.stop.clone()));
    background.spawn(accounts.erasure.run(images, history, process.stop.clone()));
    background.close();
    grpc::host(&config.server, accounts.services, guard, parts, process).await?;
    background.wait().await;
    accounts.readiness.close().await;
    Ok(())
}
