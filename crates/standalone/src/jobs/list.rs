//! `pupila jobs list`

use std::io::Write as _;

use pupila_runtime::process::StartError;
use reqwest::Method;

use super::{
    job::{Job, Page, State},
    table,
};
use crate::{server::Server, table::Medium, terminal};

/// Prints the newest jobs.
pub(super) async fn list(
    server: &Server,
    state: Option<State>,
    limit: u32,
    json: bool,
) -> Result<(), StartError> {
    let mut request = server
        .request(Method::GET, "v1/jobs")?
        .query(&[("page_size", limit)]);
    if let Some(state) = state {
        request = request.query(&[("state", state.as_str())]);
    }
    let page: Page = server.answer(request).await?;
    if json {
        terminal::answer(|out| {
            let mut jobs = page.items.iter();
            jobs.try_for_each(|job| writeln!(out, "{job}"))
        })?;
        return Ok(());
    }
    let jobs: Vec<Job> = page
        .items
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()?;
    let table = table::jobs(&jobs, Medium::of_stdout());
    terminal::answer(|out| writeln!(out, "{table}"))?;
    Ok(())
}
