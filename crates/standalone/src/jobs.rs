//! `pupila jobs`: work that a running server does in the background.

mod cancel;
mod job;
mod list;
mod step;
mod submit;
mod table;
mod upload;
mod watch;

use std::{cell::OnceCell, path::PathBuf, process::ExitCode};

use pupila_core::JobId;
use pupila_runtime::{process::StartError, telemetry::TelemetryConfig};

use self::step::Step;
use crate::{
    command::{self, Stopped},
    server::{Server, ServerArgs},
};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Upload images or a ZIP and have steps done to each of them
    Submit(Submit),
    /// Show how far a job is until it has ended
    Watch {
        /// The job's id
        #[arg(value_parser = job_id)]
        id: JobId,
        /// Print the job as JSON at its end, and no progress
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// List jobs, the newest first
    List {
        /// Only those in this state
        #[arg(long, value_enum)]
        state: Option<job::State>,
        /// At most this many
        #[arg(long, default_value = "20", value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
        /// Print a JSON object per job instead of a table
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Call a job off
    Cancel {
        /// The job's id
        #[arg(value_parser = job_id)]
        id: JobId,
        #[command(flatten)]
        server: ServerArgs,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Submit {
    /// Image files, or one ZIP of images
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What is done to each image, in order: an operation as in "resize width=512 fit=cover", or a model as in
    /// "model pneumonia threshold=0.4"
    #[arg(long = "step", required = true, value_name = "STEP")]
    steps: Vec<Step>,
    /// What the job is called
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// Do not wait until the job has ended
    #[arg(long)]
    detach: bool,
    /// Print the job as JSON, and no progress
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

pub(crate) fn run(command: Command) -> ExitCode {
    let quiet = TelemetryConfig {
        log_level: "error".to_owned(),
        ..TelemetryConfig::default()
    };
    command::run(&quiet, |process| async move {
        let made = OnceCell::new();
        tokio::select! {
            result = execute(command, &made) => result,
            () = process.stop.cancelled() => {
                let told = made.get().map(|id| format!("stopped; the job {id} goes on"));
                Err(Stopped(told.unwrap_or_else(|| "stopped".to_owned())).into())
            }
        }
    })
}

/// Does what is asked for. `made` is the job that goes on without whoever waits for its end.
async fn execute(command: Command, made: &OnceCell<JobId>) -> Result<(), StartError> {
    match command {
        Command::Submit(submit) => {
            submit::submit(&Server::new(&submit.server)?, &submit, made).await
        }
        Command::Watch { id, json, server } => {
            watch::watch(&Server::new(&server)?, id, json, made).await
        }
        Command::List {
            state,
            limit,
            json,
            server,
        } => list::list(&Server::new(&server)?, state, limit, json).await,
        Command::Cancel { id, server } => cancel::cancel(&Server::new(&server)?, id).await,
    }
}

fn job_id(text: &str) -> Result<JobId, String> {
    text.parse().map_err(|_| format!("`{text}` is no job id"))
}
