//! `POST /v1/predictions`

use std::collections::HashMap;

use axum::{
    Extension, Json,
    extract::{Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use pupila_runtime::context::RequestContext;
use serde_json::Value;

use crate::{
    analysis::Question,
    app::Gateway,
    dto::prediction::Prediction,
    error::RequestError,
    extract::Form,
    openapi::{PredictionForm, Problems},
    problem::{Problem, from_rpc},
    upload::{self, Upload, UploadBudget},
};

/// Analyse one image
///
/// The answer is recorded before it is sent.
#[utoipa::path(
    post, path = "/v1/predictions", tag = "predictions", operation_id = "create_prediction",
    request_body(content = PredictionForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The record", body = Prediction), Problems),
)]
pub(crate) async fn create_prediction(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    Form(form): Form,
) -> Result<impl IntoResponse, Problem> {
    let (upload, mut question) = read_form(form, &gateway.uploads).await?;
    question.filename.clone_from(&upload.filename);
    question.image = upload.bytes.clone();
    let record = gateway.analyst.answer(&context, question).await;
    let record = Prediction::from(record.map_err(from_rpc)?);
    let location = record
        .id
        .as_ref()
        .and_then(|id| HeaderValue::try_from(format!("/v1/predictions/{id}")).ok())
        .map(|address| (header::LOCATION, address));
    Ok((StatusCode::CREATED, AppendHeaders(location), Json(record)))
}

async fn read_form(
    mut form: Multipart,
    budget: &UploadBudget,
) -> Result<(Upload, Question), RequestError> {
    let mut file = None;
    let mut question = Question::default();
    let mut seen = Vec::new();
    while let Some(field) = upload::next_field(&mut form, budget).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if seen.contains(&name) {
            return Err(RequestError::repeated(&name));
        }
        match name.as_str() {
            upload::FILE => file = Some(budget.read(field).await?),
            "model" => question.model = upload::read_value(field).await?,
            "version" => {
                let text = upload::read_value(field).await?;
                question.version = Some(upload::read_version(&text)?);
            }
            "parameters" => {
                let text = upload::read_value(field).await?;
                question.parameters = parse_parameters(&text)?;
            }
            _ => return Err(RequestError::unknown(&name)),
        }
        seen.push(name);
    }
    Ok((file.ok_or(RequestError::MissingFile)?, question))
}

/// A JSON object whose values are numbers, or texts that hold numbers.
fn parse_parameters(text: &str) -> Result<HashMap<String, String>, RequestError> {
    let object: HashMap<String, Value> = serde_json::from_str(text).map_err(|_| {
        RequestError::invalid(
            "parameters",
            "must be a JSON object such as {\"threshold\": 0.4}",
        )
    })?;
    object
        .into_iter()
        .map(|(name, value)| match value {
            Value::Number(number) => Ok((name, number.to_string())),
            Value::String(text) => Ok((name, text)),
            _ => Err(RequestError::invalid(
                format!("parameters/{name}"),
                "must be a number",
            )),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbers_by_name() {
        let parameters = parse_parameters(r#"{"threshold": 0.4, "top_k": "3"}"#).expect("valid");
        assert_eq!(parameters["threshold"], "0.4");
        assert_eq!(parameters["top_k"], "3");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "[]",
            "7",
            r#"{"threshold": [1]}"#,
            r#"{"threshold": null}"#,
            "{",
        ] {
            assert!(parse_parameters(text).is_err(), "{text}");
        }
    }
}
