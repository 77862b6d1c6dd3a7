//! The life of a server process: read the configuration, start, wait for the signal, finish what is in flight.

use std::{future::Future, net::SocketAddr, process::ExitCode, time::Duration};

use clap::Parser;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{self, Aliases, ConfigArgs, ConfigError, Validate},
    rpc::with_causes,
    telemetry::{self, TelemetryConfig},
};

/// Why a process could not start or had to end. A [`ConfigError`] in it is told as one.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// `EX_USAGE` of sysexits.h: the configuration is wrong, and starting again does not help.
const EXIT_CONFIG: u8 = 64;
/// 128 + SIGINT, as a shell tells a process that a signal ended.
const EXIT_IMPATIENT: i32 = 130;
/// How long requests in flight may take after the signal: under the 30 s that Kubernetes waits by default.
const DRAIN: Duration = Duration::from_secs(25);
/// How long work on blocking threads may take after that: nobody waits for it any more.
const ABANDON: Duration = Duration::from_secs(2);

/// Where a service listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// gRPC.
    pub listen: SocketAddr,
    /// Liveness, readiness and metrics over HTTP.
    pub admin_listen: SocketAddr,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 50051)),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
        }
    }
}

/// The configuration of a whole process.
pub trait ProcessConfig: DeserializeOwned + Validate {
    /// What is logged, and where traces go.
    fn telemetry(&self) -> &TelemetryConfig;
}

/// Declares the configuration of a service's own process: what all of them have, and the sections of its own.
#[macro_export]
macro_rules! service_config {
    ($($section:ident: $type:ty),+ $(,)?) => {
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Config {
            server: $crate::process::ServerConfig,
            telemetry: $crate::telemetry::TelemetryConfig,
            identity: $crate::identity::IdentityConfig,
            $($section: $type,)+
        }

        impl $crate::config::Validate for Config {
            fn faults(&self) -> Vec<String> {
                [
                    $crate::config::Validate::faults(&self.telemetry),
                    $crate::config::Validate::faults(&self.identity),
                    $($crate::config::Validate::faults(&self.$section),)+
                ]
                .concat()
            }
        }

        impl $crate::process::ProcessConfig for Config {
            fn telemetry(&self) -> &$crate::telemetry::TelemetryConfig {
                &self.telemetry
            }
        }
    };
}

/// What a running process hands to its body.
pub struct Process {
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    /// Cancelled when the process is told to stop.
    pub stop: CancellationToken,
}

#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    #[command(flatten)]
    config: ConfigArgs,
}

/// The `main` of a service's own binary: its command line is `--config FILE`.
pub fn main<C, F>(
    name: &'static str,
    aliases: Aliases,
    body: impl FnOnce(C, Process) -> F,
) -> ExitCode
where
    C: ProcessConfig,
    F: Future<Output = Result<(), StartError>>,
{
    let args = Args::parse();
    match config::load::<C>(args.config.config.as_deref(), aliases) {
        Ok(config) => {
            let telemetry = config.telemetry().clone();
            run(name, &telemetry, |process| body(config, process))
        }
        Err(error) => refuse(&error),
    }
}

/// Tells a person that the configuration is wrong.
#[expect(
    clippy::print_stderr,
    reason = "there is no log yet, and a person reads it"
)]
pub fn refuse(error: &ConfigError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(EXIT_CONFIG)
}

/// Runs `body` until it ends or, after SIGTERM or SIGINT, for [`DRAIN`] at most.
#[expect(clippy::print_stderr, reason = "the log may be what did not start")]
pub fn run<F>(
    name: &'static str,
    telemetry: &TelemetryConfig,
    body: impl FnOnce(Process) -> F,
) -> ExitCode
where
    F: Future<Output = Result<(), StartError>>,
{
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(StartError::from)
        .and_then(|runtime| {
            let outcome = runtime.block_on(supervise(name, telemetry, body));
            // Dropping it would wait for blocking work however long that takes.
            runtime.shutdown_timeout(ABANDON);
            outcome
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref() {
            Some(error) => refuse(error),
            None => {
                eprintln!("{name}: {}", with_causes(&*error));
                ExitCode::FAILURE
            }
        },
    }
}

async fn supervise<F>(
    name: &'static str,
    telemetry: &TelemetryConfig,
    body: impl FnOnce(Process) -> F,
) -> Result<(), StartError>
where
    F: Future<Output = Result<(), StartError>>,
{
    let telemetry = telemetry::start(telemetry, name)?;
    let stop = stop_on_signal()?;
    let process = Process {
        metrics: telemetry.metrics.clone(),
        stop: stop.clone(),
    };
    let outcome = tokio::select! {
        outcome = body(process) => outcome,
        () = drained(stop) => Err("requests in flight did not end in time".into()),
    };
    telemetry.shutdown();
    outcome
}

/// A token that SIGTERM or SIGINT cancels.
fn stop_on_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: finishing what is in flight");
        token.cancel();
        // Whoever asks twice does not want to wait.
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(EXIT_IMPATIENT);
    });
    Ok(stop)
}

async fn drained(stop: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(DRAIN).await;
}
