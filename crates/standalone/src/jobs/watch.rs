//! `pupila jobs watch`

use std::{
    io::{self, IsTerminal as _, Write as _},
    ops::ControlFlow,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pupila_runtime::process::StartError;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    job::{Item, Job, Page},
    table,
};
use crate::{
    server::{Server, follow},
    terminal::printable,
};

/// What an event says, as far as a bar shows it.
#[derive(Debug, Deserialize)]
struct Progress {
    job: Job,
}

/// Follows a job to its end, then prints what came of each image.
///
/// # Errors
/// There is no such job, or it or some of its images did not work.
pub(super) async fn watch(server: &Server, id: &str, json: bool) -> Result<(), StartError> {
    // At first, so that a job that is not there is told at once.
    let _: Value = job(server, id).await?;
    let bar = ProgressBar::with_draw_target(Some(0), target(json)).with_style(style());
    let path = format!("v1/jobs/{id}/events");
    follow(server, &path, |event| show(&bar, &event.data)).await?;
    bar.finish_and_clear();

    let answer = job(server, id).await?;
    let items = items(server, id).await?;
    let job: Job = serde_json::from_value(answer.clone())?;
    print(answer, &job, items, json)?;
    judge(&job)
}

/// Where progress is shown: on a terminal, and nowhere else.
pub(super) fn target(json: bool) -> ProgressDrawTarget {
    if json || !io::stderr().is_terminal() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    }
}

/// Moves the bar; breaks off once the job has ended. An event that is not about the job says nothing.
fn show(bar: &ProgressBar, data: &str) -> ControlFlow<()> {
    let Ok(Progress { job }) = serde_json::from_str(data) else {
        return ControlFlow::Continue(());
    };
    bar.set_length(job.counts.total);
    bar.set_position(job.counts.ended());
    bar.set_prefix(if job.unpacking {
        "unpacking"
    } else {
        job.state.word()
    });
    if job.state.has_ended() {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

async fn job(server: &Server, id: &str) -> Result<Value, StartError> {
    let request = server.request(Method::GET, &format!("v1/jobs/{id}"))?;
    Ok(server.answer(request).await?)
}

/// Every item, page by page.
async fn items(server: &Server, id: &str) -> Result<Vec<Value>, StartError> {
    let mut items = Vec::new();
    let mut token = String::new();
    loop {
        let request = server
            .request(Method::GET, &format!("v1/jobs/{id}/items"))?
            .query(&[("page_size", "200"), ("page_token", &token)]);
        let page: Page = server.answer(request).await?;
        items.extend(page.items);
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(items);
        }
    }
}

fn print(mut job: Value, ended: &Job, items: Vec<Value>, json: bool) -> Result<(), StartError> {
    let mut out = io::stdout().lock();
    if json {
        job["items"] = items.into();
        return Ok(writeln!(out, "{job}")?);
    }
    let items: Vec<Item> = items
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()?;
    writeln!(out, "{}", table::items(&items))?;
    writeln!(out, "{}  {}", ended.id, ended.state.word())?;
    Ok(())
}

/// An exit code for scripts: good only where everything worked.
fn judge(job: &Job) -> Result<(), StartError> {
    if let Some(failure) = &job.failure {
        return Err(printable(&failure.to_string()).into());
    }
    match job.counts.total.saturating_sub(job.counts.succeeded) {
        0 => Ok(()),
        others => Err(format!("{others} of {} images are not ready", job.counts.total).into()),
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:10} {wide_bar} {pos}/{len} images, {per_sec}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
