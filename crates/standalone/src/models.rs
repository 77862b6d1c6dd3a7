//! `pupila models`

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use pupila_inference::{
    InferenceConfig,
    registry::{Entry, State},
};
use pupila_runtime::process::{self, StartError};

use crate::{
    config::{Config, DataArgs},
    table::with_header,
    terminal::{self, printable},
};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Print every model with its versions
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Load every model, and fail where one cannot be used
    Check {
        #[command(flatten)]
        data: DataArgs,
        /// The repository, model folder or ONNX file to check, instead of the configured ones
        path: Option<PathBuf>,
    },
}

pub(crate) fn run(command: Command) -> ExitCode {
    let (data, check, path) = match command {
        Command::List { data } => (data, false, None),
        Command::Check { data, path } => (data, true, path),
    };
    let config = Config::load(&data, |config| {
        if let Some(path) = path {
            config.inference.models.path = Some(path);
            config.inference.models.bundled = false;
        }
    });
    match config {
        Ok(config) => process::run("pupila", &config.quiet(), |_| async move {
            print(&config.inference, check).await
        }),
        Err(error) => process::refuse(&error),
    }
}

/// Prints all models as they loaded.
async fn print(config: &InferenceConfig, check: bool) -> Result<(), StartError> {
    let service = pupila_inference::open(config).await?;
    let entries = service.registry().list();
    let mut table = with_header(["model", "version", "state", "MB", "title"]);
    table.add_rows(entries.iter().flat_map(|entry| rows(entry)));
    terminal::answer(|out| writeln!(out, "{table}"))?;
    match entries.iter().filter(|entry| is_broken(entry)).count() {
        broken if check && broken > 0 => {
            Err(format!("models that cannot be used: {broken}").into())
        }
        _ => Ok(()),
    }
}

/// A row per version, the newest first.
fn rows(entry: &Entry) -> Vec<[String; 5]> {
    let title = entry.card.as_ref().map_or("", |card| &card.title);
    let versions = entry.versions.iter().rev();
    versions
        .map(|(number, version)| {
            [
                entry.name.clone(),
                number.to_string(),
                state(&version.state),
                megabytes(version.size_bytes),
                printable(title),
            ]
        })
        .collect()
}

/// A model none of whose versions is offered is as broken as one whose version fails.
fn is_broken(entry: &Entry) -> bool {
    let failed = |state: &State| matches!(state, State::Failed(_));
    entry.versions.is_empty()
        || entry
            .versions
            .values()
            .any(|version| failed(&version.state))
}

fn state(state: &State) -> String {
    match state {
        State::Loading => "loading".to_owned(),
        State::Ready(_) => "ready".to_owned(),
        State::Unloaded => "unloaded".to_owned(),
        State::Failed(reason) => format!("failed: {reason}"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
fn megabytes(bytes: u64) -> String {
    format!("{:.2}", bytes as f64 / 1e6)
}
