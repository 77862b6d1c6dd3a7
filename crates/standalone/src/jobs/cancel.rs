//! `pupila jobs cancel`

use std::io::{self, Write as _};

use pupila_runtime::process::StartError;
use reqwest::Method;

use super::job::Job;
use crate::server::Server;

/// Calls a job off.
pub(super) async fn cancel(server: &Server, id: &str) -> Result<(), StartError> {
    let request = server.request(Method::POST, &format!("v1/jobs/{id}:cancel"))?;
    let job: Job = server.answer(request).await?;
    writeln!(
        io::stdout(),
        "{}  {} after {} of {} images",
        job.id,
        job.state.word(),
        job.counts.succeeded + job.counts.failed,
        job.counts.total
    )?;
    Ok(())
}
