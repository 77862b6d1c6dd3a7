//! `pupila-history`: the history service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_history::HistoryConfig;
use pupila_runtime::{
    config::Validate,
    grpc,
    process::{self, Process, ProcessConfig, ServerConfig, StartError},
    readiness::Parts,
    telemetry::TelemetryConfig,
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Config {
    server: ServerConfig,
    telemetry: TelemetryConfig,
    history: HistoryConfig,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        [self.telemetry.faults(), self.history.faults()].concat()
    }
}

impl ProcessConfig for Config {
    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }
}

fn main() -> ExitCode {
    process::main("pupila-history", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let history = pupila_history::open(&config.history, Arc::new(SystemClock)).await?;
    let parts = Parts::new(vec![history.readiness.clone()]);
    grpc::host(&config.server, history.server, parts, process).await?;
    history.readiness.close().await;
    Ok(())
}
