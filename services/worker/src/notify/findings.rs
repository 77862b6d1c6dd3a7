//! What came out of a job, for messages that have room for it: labels, reasons and pictures.
//!
//! They are an ornament. Whatever cannot be read is left out, and the message goes without it.

mod pictures;

use std::time::Duration;

use pupila_proto::{
    history::v1::{
        GetReportRequest, GetReportResponse, JobItem, JobState, LabelTally, ListItemsRequest, Task,
        job_service_client::JobServiceClient,
    },
    images::v1::image_service_client::ImageServiceClient,
};
use pupila_runtime::{context::RequestContext, transport::Transport};
use tonic::Status;

pub(crate) use self::pictures::Picture;
use super::notice::{Notice, one_line};
use crate::delegation::Delegation;

/// How long all of it may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long one call may take.
const CALL: Duration = Duration::from_secs(10);
/// Most rows of a table; the job's page has the rest.
const ROWS: usize = 8;

/// What came out of a job.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// How many images have which label, the most frequent first within each step.
    pub(crate) labels: Vec<Tally>,
    /// How many failed for which reason, the most frequent first.
    pub(crate) failures: Vec<Tally>,
    /// Some of the results.
    pub(crate) pictures: Vec<Picture>,
}

/// How many images something is true of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Of what, on one line.
    pub(crate) what: String,
    /// How many.
    pub(crate) count: u64,
}

/// Reads what came out of jobs, as their owners.
#[derive(Clone)]
pub(crate) struct Finder {
    delegation: Delegation,
    jobs: JobServiceClient<Transport>,
    images: ImageServiceClient<Transport>,
}

impl Finder {
    /// Asks `history` and `images`.
    pub(crate) fn new(delegation: Delegation, history: Transport, images: Transport) -> Self {
        Self {
            delegation,
            jobs: JobServiceClient::new(history),
            images: ImageServiceClient::new(images),
        }
    }

    /// What came out of the task's job.
    pub(crate) async fn find(&self, task: &Task, notice: &Notice) -> Findings {
        let Ok(context) = self.delegation.context(task).await else {
            return Findings::default();
        };
        let found = async {
            tokio::join!(
                self.report(&context, notice),
                self.pictures(&context, notice)
            )
        };
        let Ok((report, pictures)) = tokio::time::timeout(TIMEOUT, found).await else {
            tracing::info!("a message goes without what was found: it took too long");
            return Findings::default();
        };
        let GetReportResponse {
            labels, failures, ..
        } = report.unwrap_or_default();
        let several = labels.iter().any(|tally| tally.step != labels[0].step);
        let labels = labels.into_iter().map(|tally| {
            let LabelTally { label, model, .. } = tally;
            let what = if several {
                format!("{label} · {model}")
            } else {
                label
            };
            (what, tally.count)
        });
        let failures = failures
            .into_iter()
            .map(|tally| (tally.reason, tally.count));
        Findings {
            labels: rows(labels),
            failures: rows(failures),
            pictures,
        }
    }

    async fn report(&self, context: &RequestContext, notice: &Notice) -> Option<GetReportResponse> {
        let request = GetReportRequest {
            id: notice.job.to_string(),
        };
        let mut jobs = self.jobs.clone();
        let answer = jobs.get_report(context.call(request, CALL)).await;
        known("report", answer).map(tonic::Response::into_inner)
    }

    async fn pictures(&self, context: &RequestContext, notice: &Notice) -> Vec<Picture> {
        let items = self.items(context, notice).await;
        let shown = items.iter().filter_map(pictures::Shown::of);
        let shown: Vec<_> = shown.take(pictures::MOST).collect();
        let alone = shown.len() == 1;
        let read = shown
            .into_iter()
            .map(|shown| pictures::read(&self.images, context, shown, alone));
        let read = futures_util::future::join_all(read).await;
        read.into_iter().flatten().collect()
    }

    /// Some items that succeeded, the first ones; where none did, some that did not.
    async fn items(&self, context: &RequestContext, notice: &Notice) -> Vec<JobItem> {
        let succeeded = (notice.succeeded > 0).then_some(JobState::Succeeded as i32);
        let request = ListItemsRequest {
            job_id: notice.job.to_string(),
            state: succeeded,
            page_size: pictures::MOST as u32,
            page_token: String::new(),
        };
        let mut jobs = self.jobs.clone();
        let answer = jobs.list_items(context.call(request, CALL)).await;
        let answer = known("items", answer);
        answer.map_or_else(Vec::new, |answer| answer.into_inner().items)
    }
}

/// An answer, or nothing where there is none.
fn known<T>(what: &'static str, answer: Result<T, Status>) -> Option<T> {
    answer
        .inspect_err(|status| {
            tracing::info!(what, code = ?status.code(), "a message goes without something");
        })
        .ok()
}

fn rows(tallies: impl Iterator<Item = (String, u64)>) -> Vec<Tally> {
    tallies
        .take(ROWS)
        .map(|(what, count)| Tally {
            what: one_line(&what),
            count,
        })
        .collect()
}
