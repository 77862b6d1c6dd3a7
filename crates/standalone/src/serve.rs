//! `pupila serve`

use std::{
    io::{self, Write as _},
    net::{IpAddr, SocketAddr},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

use pupila_core::SystemClock;
use pupila_runtime::process::{self, Process, StartError};

use crate::{
    config::{Config, DataArgs},
    data_lock::DataLock,
    services::Services,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// Address to listen on, instead of the configured one
    #[arg(long, value_name = "ADDRESS")]
    host: Option<IpAddr>,
    /// Port to listen on, instead of the configured one; 0 takes a free one
    #[arg(long)]
    port: Option<u16>,
}

pub(crate) fn run(args: Args) -> ExitCode {
    if let Err(error) = args.data.prepare() {
        return process::refuse(&error);
    }
    let config = match Config::load(&args.data, |config| {
        config.gateway.host = args.host.unwrap_or(config.gateway.host);
        config.gateway.port = args.port.unwrap_or(config.gateway.port);
    }) {
        Ok(config) => config,
        Err(error) => return process::refuse(&error),
    };
    let telemetry = config.telemetry.clone();
    // Held until nothing of this process works any more.
    let mut lock = None;
    process::run("pupila", &telemetry, |process| {
        serve(config, args.data, &mut lock, process)
    })
}

async fn serve(
    config: Config,
    data: DataArgs,
    lock: &mut Option<DataLock>,
    process: Process,
) -> Result<(), StartError> {
    *lock = data.lock(&config)?;
    let clock = Arc::new(SystemClock);
    let gateway = config.gateway.clone();
    let services =
        Services::start(config, lock.is_some(), clock.clone(), process.stop.clone()).await?;
    let parts = services.parts.clone();
    let upstreams = services.upstreams.clone();
    let greet = |listening| greet(listening, &data.data);
    pupila_gateway::host(upstreams, &gateway, clock, parts, process, greet).await?;
    services.stop().await;
    Ok(())
}

/// Tells a person where it is. Nobody may be reading any more, which is no reason to stop.
fn greet(listening: SocketAddr, data: &Path) {
    let _ = writeln!(
        io::stdout(),
        "Pupila is ready: http://{listening}\n  try   curl -F file=@x-ray.jpg http://{listening}/predict\n  \
         docs  http://{listening}/docs/\n  data  {}",
        data.display()
    );
}
