//! `pupila-history`: the history service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_history::HistoryConfig;
use pupila_runtime::{
    grpc,
    identity::Guard,
    process::{self, Process, StartError},
    readiness::Parts,
};

pupila_runtime::service_config!(history: HistoryConfig);

fn main() -> ExitCode {
    process::main("pupila-history", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let clock = Arc::new(SystemClock);
    let guard = Guard::remote(&config.identity, clock.clone())?;
    let history = pupila_history::open(&config.history, clock).await?;
    let parts = Parts::new(vec![history.readiness.clone()]);
    grpc::host(&config.server, history.services, guard, parts, process).await?;
    history.readiness.close().await;
    Ok(())
}
