//! `pupila-inference`: the inference service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_inference::InferenceConfig;
use pupila_runtime::{
    grpc,
    identity::Guard,
    process::{self, Process, StartError},
    readiness::Parts,
};

pupila_runtime::service_config!(inference: InferenceConfig);

fn main() -> ExitCode {
    process::main(
        "pupila-inference",
        &[("MODEL_PATH", "inference.models.path")],
        serve,
    )
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let guard = Guard::remote(&config.identity, Arc::new(SystemClock))?;
    let inference = pupila_inference::open(&config.inference).await?;
    let parts = Parts::new(vec![Arc::clone(inference.registry()) as _]);
    grpc::host(
        &config.server,
        inference.into_services(),
        guard,
        parts,
        process,
    )
    .await
}
