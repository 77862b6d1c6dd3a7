//! `pupila-inference`: the inference service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_inference::InferenceConfig;
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
    inference: InferenceConfig,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        [self.telemetry.faults(), self.inference.faults()].concat()
    }
}

impl ProcessConfig for Config {
    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }
}

fn main() -> ExitCode {
    process::main(
        "pupila-inference",
        &[("MODEL_PATH", "inference.models.path")],
        serve,
    )
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let inference = pupila_inference::open(&config.inference).await?;
    let parts = Parts::new(vec![Arc::clone(inference.registry()) as _]);
    grpc::host(&config.server, inference.into_server(), parts, process).await
}
