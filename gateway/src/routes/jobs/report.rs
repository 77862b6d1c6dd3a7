//! `GET /v1/jobs/{id}/report`

pub(super) mod table;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header};
use pupila_proto::history::v1::GetReportRequest;
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::Gateway,
    download,
    dto::job::report::Report,
    extract::{Caller, Json, Path, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// How the report is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `json`: counts. `csv`: a header and a line per item, safe to open in a spreadsheet.
    #[serde(default)]
    #[param(inline)]
    format: ReportFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReportFormat {
    #[default]
    Json,
    Csv,
}

/// What came out of a job
///
/// Of a job that has not ended, what came out so far.
#[utoipa::path(
    get, path = "/v1/jobs/{id}/report", tag = "jobs", operation_id = "get_job_report",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id"), FormatQuery),
    responses(
        (status = 200, description = "Counts per label and reason, or a line per item", content(
            (Report = "application/json"),
            (String = "text/csv"),
        )),
        Problems, NotFound,
    ),
)]
pub(crate) async fn get_job_report(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    Query(FormatQuery { format }, _): Query<FormatQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match format {
        ReportFormat::Json => {
            let report = fetch(&gateway, &context, id).await?;
            Ok(Json(report).into_response())
        }
        ReportFormat::Csv => {
            let job = super::get::fetch(&gateway, &context, id).await?;
            let name = match job.name.as_str() {
                "" => "report.csv".to_owned(),
                name => format!("{name}.csv"),
            };
            let context = gateway.lasting(context, headers);
            let lines = table::lines(gateway, context, job, None);
            let csv = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
            let headers = [
                (header::CONTENT_TYPE, csv),
                (header::CONTENT_DISPOSITION, download::attachment(&name)),
            ];
            Ok((headers, Body::from_stream(lines)).into_response())
        }
    }
}

/// The counts.
pub(super) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
) -> Result<Report, Problem> {
    let request = context.call(GetReportRequest { id }, gateway.call_timeout);
    let report = message(gateway.jobs.clone().get_report(request).await)?;
    Ok(report.into())
}
