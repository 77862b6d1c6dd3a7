//! `pupila jobs watch`

use std::{
    cell::OnceCell,
    io::{self, IsTerminal as _, Write as _},
    ops::ControlFlow,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pupila_core::JobId;
use pupila_runtime::process::StartError;
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::Value;

use super::{
    job::{Item, Job, Page},
    table,
};
use crate::{
    server::{News, Server, ServerError, follow},
    table::Medium,
    terminal::{self, printable},
};

/// What the bar says while the server is away.
const AWAY: &str = "waiting for the server,";

/// What an event says, as far as a bar shows it.
#[derive(Debug, Deserialize)]
struct Progress {
    job: Job,
}

/// Follows a job to its end, then prints what came of each image. `found` is the job, once it is known to be there.
///
/// # Errors
/// There is no such job, or it or some of its images did not work.
pub(super) async fn watch(
    server: &Server,
    id: JobId,
    json: bool,
    found: &OnceCell<JobId>,
) -> Result<(), StartError> {
    // At first, so that a job that is not there, or no server, is told at once.
    let _: Value = server.answer(job(server, id)?).await?;
    found.get_or_init(|| id);
    to_the_end(server, id, json).await
}

/// Follows a job that is there, however often the server is away.
///
/// # Errors
/// It or some of its images did not work.
pub(super) async fn to_the_end(server: &Server, id: JobId, json: bool) -> Result<(), StartError> {
    let bar = ProgressBar::with_draw_target(Some(0), target(json)).with_style(style());
    let path = format!("v1/jobs/{id}/events");
    follow(server, &path, |news| show(&bar, &news)).await?;
    let away = || bar.set_prefix(AWAY);
    let answer: Value = server.insist(|| job(server, id), away).await?;
    let items = items(server, id, away).await?;
    bar.finish_and_clear();

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
fn show(bar: &ProgressBar, news: &News) -> ControlFlow<()> {
    let News::Event(event) = news else {
        bar.set_prefix(AWAY);
        return ControlFlow::Continue(());
    };
    let Ok(Progress { job }) = serde_json::from_str(&event.data) else {
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

fn job(server: &Server, id: JobId) -> Result<RequestBuilder, ServerError> {
    server.request(Method::GET, &format!("v1/jobs/{id}"))
}

/// Every item, page by page.
async fn items(server: &Server, id: JobId, away: impl Fn()) -> Result<Vec<Value>, StartError> {
    let mut items = Vec::new();
    let mut token = String::new();
    loop {
        let request = || {
            let request = server.request(Method::GET, &format!("v1/jobs/{id}/items"))?;
            Ok(request.query(&[("page_size", "200"), ("page_token", &token)]))
        };
        let page: Page = server.insist(request, &away).await?;
        items.extend(page.items);
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(items);
        }
    }
}

fn print(mut job: Value, ended: &Job, items: Vec<Value>, json: bool) -> Result<(), StartError> {
    if json {
        job["items"] = items.into();
        return Ok(terminal::answer(|out| writeln!(out, "{job}"))?);
    }
    let items: Vec<Item> = items
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()?;
    let table = table::items(&items, Medium::of_stdout());
    Ok(terminal::answer(|out| {
        // Nothing came of a ZIP that could not be read.
        if !items.is_empty() {
            writeln!(out, "{table}")?;
        }
        writeln!(out, "{}  {}", ended.id, ended.state.word())
    })?)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bar_that_stands_still_says_why() {
        let bar = ProgressBar::hidden();
        let job = json!({"job": {
            "id": "01890000-0000-7000-8000-000000000000", "state": "RUNNING",
            "counts": {"total": 300, "succeeded": 67, "failed": 0, "cancelled": 0},
            "create_time": "2026-11-23T14:00:00Z",
        }});
        let news = || {
            News::Event(eventsource_stream::Event {
                data: job.to_string(),
                ..Default::default()
            })
        };
        let told = [news(), News::Away, news()].map(|news| {
            assert_eq!(show(&bar, &news), ControlFlow::Continue(()));
            (bar.position(), bar.prefix())
        });
        let (works, waits) = ((67, "processing".to_owned()), (67, AWAY.to_owned()));
        assert_eq!(told, [works.clone(), waits, works]);
    }
}
