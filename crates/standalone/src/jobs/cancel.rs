//! `pupila jobs cancel`

use std::io::Write as _;

use pupila_core::JobId;
use pupila_runtime::process::StartError;
use reqwest::Method;

use super::job::Job;
use crate::{server::Server, terminal};

/// Calls a job off.
pub(super) async fn cancel(server: &Server, id: JobId) -> Result<(), StartError> {
    let request = server.request(Method::POST, &format!("v1/jobs/{id}:cancel"))?;
    let job: Job = server.answer(request).await?;
    let done = job.counts.succeeded + job.counts.failed;
    terminal::answer(|out| {
        writeln!(
            out,
            "{}  {} after {done} of {} images",
            job.id,
            job.state.word(),
            job.counts.total
        )
    })?;
    Ok(())
}
