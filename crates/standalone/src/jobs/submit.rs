//! `pupila jobs submit`

use std::{cell::OnceCell, io::Write as _};

use pupila_core::JobId;
use pupila_runtime::process::StartError;
use reqwest::{Method, multipart::Form};
use serde_json::Value;

use super::{
    Submit,
    job::Job,
    upload::{self, Upload},
    watch,
};
use crate::{
    server::{Refusal, Server, ServerError},
    terminal,
};

/// An upload that the server ended before its end.
#[derive(Debug, thiserror::Error)]
#[error("the upload broke off, and the server gave no reason")]
struct Lost(#[source] ServerError);

/// Uploads the files, makes the job and, unless told otherwise, waits for its end. `made` is the job, once there is one.
pub(super) async fn submit(
    server: &Server,
    args: &Submit,
    made: &OnceCell<JobId>,
) -> Result<(), StartError> {
    let upload = Upload::of(&args.files, watch::target(args.json)).await?;
    let form = upload.form(fields(args)?);
    let request = server.request(Method::POST, "v1/jobs")?.multipart(form);
    let answer: Value = match server.upload(request, &upload.sent).await {
        Ok(answer) => answer,
        Err(error) => return Err(reason(server, args, error).await),
    };
    upload.bar.finish_and_clear();
    let job: Job = serde_json::from_value(answer.clone())?;
    let id = *made.get_or_init(|| job.id);
    if !args.detach {
        return watch::to_the_end(server, id, args.json).await;
    }
    terminal::answer(|out| match args.json {
        true => writeln!(out, "{answer}"),
        false => writeln!(out, "{id}"),
    })?;
    Ok(())
}

/// All but the files. The server checks the steps before it takes them.
fn fields(args: &Submit) -> Result<Form, StartError> {
    let mut fields = Form::new().text("steps", serde_json::to_string(&args.steps)?);
    if !args.name.is_empty() {
        fields = fields.text("name", args.name.clone());
    }
    Ok(fields)
}

/// Why there is no job. A server that refuses while files are on their way ends the connection, and its answer may be lost
/// with that: then it is asked again without files, for which no job is made, and says the same of all the rest.
async fn reason(server: &Server, args: &Submit, error: ServerError) -> StartError {
    if let Some(file) = upload::unreadable(&error) {
        return file.into();
    }
    let lost = match &error {
        ServerError::Broken(_) => true,
        ServerError::Refused(refusal) => refusal.code().is_empty(),
        _ => false,
    };
    let again = match lost {
        true => refusal_of_fields(server, args).await,
        false => None,
    };
    match (again, error) {
        (Some(refusal), _) => ServerError::Refused(refusal).into(),
        (None, error @ ServerError::Broken(_)) => Lost(error).into(),
        (None, error) => error.into(),
    }
}

/// What the server has against the form apart from its files.
async fn refusal_of_fields(server: &Server, args: &Submit) -> Option<Refusal> {
    let request = server.request(Method::POST, "v1/jobs").ok()?;
    let request = request.multipart(fields(args).ok()?);
    match server.answer::<Value>(request).await {
        Err(ServerError::Refused(refusal)) => {
            let tells = !refusal.code().is_empty() && !refusal.is_about("/file");
            tells.then_some(refusal)
        }
        _ => None,
    }
}
