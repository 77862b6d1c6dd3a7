//! `pupila predict`

mod answer;
mod local;

use std::{
    collections::{HashMap, HashSet},
    io::IsTerminal as _,
    num::NonZero,
    path::{Path, PathBuf},
    process::ExitCode,
    thread::available_parallelism,
};

use clap::error::ErrorKind;
use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pupila_analysis::Question;
use pupila_core::{Clock as _, RequestId, SystemClock};
use pupila_gateway::Prediction;
use pupila_runtime::{
    context::RequestContext,
    process::{self, Process, StartError},
};

use self::{answer::Answer, local::Local};
use crate::{
    command::{self, Stopped},
    config::{Config, DataArgs},
    files,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Image files: PNG, JPEG, GIF, WebP, BMP or TIFF
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The model, instead of the default one
    #[arg(long, default_value = "", hide_default_value = true)]
    model: String,
    /// The version, instead of the newest
    #[arg(long = "model-version", value_name = "VERSION")]
    version: Option<u32>,
    /// A parameter that the model declares, such as `threshold=0.4`
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_parameter)]
    parameters: Vec<(String, String)>,
    /// Print a JSON object per file instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(crate) fn run(args: Args) -> ExitCode {
    if let Some(name) = repeated(&args.parameters) {
        let told = format!("`--param {name}=…` is there twice\n");
        clap::Error::raw(ErrorKind::ArgumentConflict, told).exit();
    }
    match args
        .data
        .prepare()
        .and_then(|()| Config::load(&args.data, |_| {}))
    {
        Ok(config) => command::run(&config.quiet(), |process| predict(config, args, process)),
        Err(error) => process::refuse(&error),
    }
}

async fn predict(config: Config, args: Args, process: Process) -> Result<(), StartError> {
    let local = Local::start(&config).await?;
    let bar = progress_bar(args.files.len());
    let answers: Vec<Answer> = stream::iter(&args.files)
        .map(|file| async {
            let result = ask(&local, &args, file).await;
            bar.inc(1);
            Answer::new(file, result)
        })
        .buffered(available_parallelism().map_or(1, NonZero::get))
        .take_until(process.stop.cancelled())
        .collect()
        .await;
    bar.finish_and_clear();
    local.stop().await;
    answer::print(&answers, args.json)?;
    match answers.iter().filter(|answer| answer.is_error()).count() {
        _ if answers.len() < args.files.len() => Err(Stopped(format!(
            "stopped after {} of {} files",
            answers.len(),
            args.files.len()
        ))
        .into()),
        0 => Ok(()),
        failed => Err(format!("{failed} of {} files could not be analysed", answers.len()).into()),
    }
}

/// The recorded prediction for one file.
async fn ask(local: &Local, args: &Args, file: &Path) -> Result<Prediction, StartError> {
    let context = RequestContext {
        request_id: RequestId::new(SystemClock.now()),
        credential: local.credential.clone(),
        address: None,
    };
    files::size(file).await?;
    let name = file.file_name().unwrap_or_default();
    let question = Question {
        filename: name.to_string_lossy().into_owned(),
        image: tokio::fs::read(file).await?.into(),
        model: args.model.clone(),
        version: args.version,
        parameters: args.parameters.iter().cloned().collect::<HashMap<_, _>>(),
        ..Question::default()
    };
    Ok(local.analyst.answer(&context, question).await?.into())
}

/// A bar for many files on a terminal, and nothing else where there is no one to look at it.
fn progress_bar(files: usize) -> ProgressBar {
    let target = if files > 1 && std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style =
        ProgressStyle::with_template("{wide_bar} {pos}/{len} images, {per_sec}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(u64::try_from(files).ok(), target).with_style(style)
}

/// A parameter that is there more than once.
fn repeated(parameters: &[(String, String)]) -> Option<&str> {
    let mut seen = HashSet::new();
    let mut names = parameters.iter().map(|(name, _)| name.as_str());
    names.find(|name| !seen.insert(*name))
}

fn parse_parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "must be NAME=VALUE, such as threshold=0.4".to_owned())
}
