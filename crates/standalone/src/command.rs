//! The life of a command that answers on the terminal.

use std::{cell::Cell, process::ExitCode};

use pupila_runtime::{
    process::{self, Process, StartError},
    telemetry::TelemetryConfig,
};

/// 128 + SIGINT, as a shell tells a program that a signal ended.
const EXIT_STOPPED: u8 = 130;

/// A person stopped it; in words how far it was.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Stopped(pub(crate) String);

/// Runs `body` to its end, and makes an exit code of that.
pub(crate) fn run<F>(telemetry: &TelemetryConfig, body: impl FnOnce(Process) -> F) -> ExitCode
where
    F: Future<Output = Result<(), StartError>>,
{
    let stopped = Cell::new(false);
    let code = process::run("pupila", telemetry, |process| {
        let body = body(process);
        async {
            let outcome = body.await;
            stopped.set(outcome.as_ref().is_err_and(|error| error.is::<Stopped>()));
            outcome
        }
    });
    if stopped.get() {
        return ExitCode::from(EXIT_STOPPED);
    }
    code
}
