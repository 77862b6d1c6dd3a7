//! `pupila-gateway`: the HTTP edge in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_gateway::{GatewayConfig, UpstreamConfig, Upstreams};
use pupila_runtime::{
    config::Validate,
    process::{self, Process, ProcessConfig, StartError},
    readiness::Parts,
    telemetry::TelemetryConfig,
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Config {
    telemetry: TelemetryConfig,
    gateway: GatewayConfig,
    upstream: UpstreamConfig,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        [
            self.telemetry.faults(),
            self.gateway.faults(),
            self.upstream.faults(),
        ]
        .concat()
    }
}

impl ProcessConfig for Config {
    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }
}

fn main() -> ExitCode {
    process::main("pupila-gateway", &[("PORT", "gateway.port")], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let upstreams = Upstreams::remote(&config.upstream)?;
    // A service that is down leaves the gateway ready: it still serves what the others own.
    pupila_gateway::host(
        upstreams,
        &config.gateway,
        Arc::new(SystemClock),
        Parts::default(),
        process,
        |listening| {
            tracing::info!(%listening, "ready");
        },
    )
    .await
}
