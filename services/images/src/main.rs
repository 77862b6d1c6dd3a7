//! `pupila-images`: the images service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_images::ImagesConfig;
use pupila_runtime::{
    grpc,
    identity::{Guard, ServiceIdentity},
    process::{self, Process, StartError},
    readiness::Parts,
    transport,
};
use tokio_util::task::TaskTracker;

pupila_runtime::service_config!(images: ImagesConfig);

fn main() -> ExitCode {
    process::main("pupila-images", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let clock = Arc::new(SystemClock);
    let guard = Guard::remote(&config.identity, clock.clone())?;
    let accounts = transport::remote(&config.identity.accounts)?;
    let secret = config.identity.own_secret()?;
    let identity = ServiceIdentity::new("images", secret, accounts.clone(), clock.clone());
    let images = pupila_images::open(&config.images, clock, accounts, identity).await?;
    let parts = Parts::new(vec![images.readiness.clone()]);

    let background = TaskTracker::new();
    background.spawn(images.housekeeping.run(process.stop.clone()));
    background.close();
    grpc::host(&config.server, images.services, guard, parts, process).await?;
    background.wait().await;
    images.readiness.close().await;
    Ok(())
}
