//! `pupila jobs submit`

use std::io::{self, Write as _};

use pupila_runtime::process::StartError;
use reqwest::{Method, multipart::Form};
use serde_json::Value;

use super::{Submit, job::Job, upload, watch};
use crate::server::Server;

/// Uploads the files, makes the job and, unless told otherwise, waits for its end.
pub(super) async fn submit(server: &Server, args: &Submit) -> Result<(), StartError> {
    // The server checks the steps before it takes the files.
    let mut fields = Form::new().text("steps", serde_json::to_string(&args.steps)?);
    if !args.name.is_empty() {
        fields = fields.text("name", args.name.clone());
    }
    let target = watch::target(args.json);
    let (form, bar) = upload::form(fields, &args.files, target).await?;
    let request = server.request(Method::POST, "v1/jobs")?.multipart(form);
    let answer: Value = server.answer(request).await?;
    bar.finish_and_clear();
    let job: Job = serde_json::from_value(answer.clone())?;
    if !args.detach {
        return watch::watch(server, &job.id, args.json).await;
    }
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{answer}")?;
    } else {
        writeln!(out, "{}", job.id)?;
    }
    Ok(())
}
