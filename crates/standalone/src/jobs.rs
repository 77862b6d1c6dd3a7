//! `pupila jobs`: work that a running server does in the background.

mod cancel;
mod job;
mod list;
mod step;
mod submit;
mod table;
mod upload;
mod watch;

use std::{path::PathBuf, process::ExitCode};

use pupila_runtime::{
    process::{self, StartError},
    telemetry::TelemetryConfig,
};

use self::step::Step;
use crate::server::{Server, ServerArgs};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Upload images or a ZIP and have steps done to each of them
    Submit(Submit),
    /// Show how far a job is until it has ended
    Watch {
        /// The job's id
        id: String,
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
        id: String,
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
    process::run("pupila", &quiet, |process| async move {
        tokio::select! {
            result = execute(command) => result,
            () = process.stop.cancelled() => Err("stopped; a job that was made goes on".into()),
        }
    })
}

async fn execute(command: Command) -> Result<(), StartError> {
    match command {
        Command::Submit(submit) => submit::submit(&Server::new(&submit.server)?, &submit).await,
        Command::Watch { id, json, server } => {
            watch::watch(&Server::new(&server)?, &id, json).await
        }
        Command::List {
            state,
            limit,
            json,
            server,
        } => list::list(&Server::new(&server)?, state, limit, json).await,
        Command::Cancel { id, server } => cancel::cancel(&Server::new(&server)?, &id).await,
    }
}
