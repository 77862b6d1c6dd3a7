//! `GET /v1/predictions:export`

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt as _;
use http::{HeaderValue, header};
use pupila_proto::history::v1::ExportPredictionsRequest;
use pupila_runtime::rpc::RpcError;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::filter::{FilterQuery, filtered};
use crate::{
    app::Gateway,
    dto::prediction::Prediction,
    extract::{Caller, Query},
    openapi::Problems,
    problem::Problem,
};

mod csv;

/// How records are written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `csv`: a header and a line per record, safe to open in a spreadsheet. `ndjson`: a JSON object per line.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportFormat {
    #[default]
    Csv,
    Ndjson,
}

/// Every prediction that passes the filter, streamed
#[utoipa::path(
    get, path = "/v1/predictions:export", tag = "predictions", operation_id = "export_predictions",
    security(("bearer" = [])),
    params(FilterQuery, FormatQuery),
    responses(
        (status = 200, description = "The records, the newest first", content(
            (String = "text/csv"),
            (String = "application/x-ndjson"),
        )),
        Problems,
    ),
)]
pub(crate) async fn export_predictions(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Query(filter, FormatQuery { format }): Query<FilterQuery, FormatQuery>,
) -> Result<Response, Problem> {
    let request = ExportPredictionsRequest {
        filter: Some(filter.into()),
    };
    // No deadline: an export lasts as long as its reader takes.
    let request = context.stream(request);
    let response = gateway.history.clone().export_predictions(request).await;
    let records = filtered(response)?;
    // An error in between breaks the connection off, so that half an export is not taken for a whole one.
    let lines = records.map(move |record| {
        let record = record.map_err(RpcError::from)?;
        let prediction = Prediction::from(record.prediction.unwrap_or_default());
        format.line(&prediction)
    });
    let header = futures_util::stream::iter(format.header().map(Ok));
    let body = Body::from_stream(header.chain(lines));
    Ok((format.headers(), body).into_response())
}

/// A line could not be made.
type LineError = Box<dyn std::error::Error + Send + Sync>;

impl ExportFormat {
    fn headers(self) -> [(header::HeaderName, HeaderValue); 2] {
        let (media_type, disposition) = match self {
            Self::Csv => (
                "text/csv; charset=utf-8; header=present",
                "attachment; filename=\"predictions.csv\"",
            ),
            Self::Ndjson => (
                "application/x-ndjson",
                "attachment; filename=\"predictions.ndjson\"",
            ),
        };
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static(disposition),
            ),
        ]
    }

    fn header(self) -> Option<Vec<u8>> {
        match self {
            Self::Csv => csv::header().ok(),
            Self::Ndjson => None,
        }
    }

    fn line(self, prediction: &Prediction) -> Result<Vec<u8>, LineError> {
        match self {
            Self::Csv => Ok(csv::line(prediction)?),
            Self::Ndjson => {
                let mut line = serde_json::to_vec(prediction)?;
                line.push(b'\n');
                Ok(line)
            }
        }
    }
}
