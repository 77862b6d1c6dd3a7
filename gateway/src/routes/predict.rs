//! `POST /predict`: the entrance of the system that Pupila replaces.

use std::collections::{HashMap, HashSet};

use axum::extract::{Multipart, State};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    analysis,
    app::Gateway,
    dto::prediction::Prediction,
    error::RequestError,
    extract::{Caller, Form, Json, Pairs},
    openapi::{BadFile, FileForm, NotFound, Problems},
    picture::Picture,
    problem::{Problem, from_rpc},
    upload,
};

/// The answer in the words of the system that Pupila replaces.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PredictAnswer {
    /// The name of the file.
    #[schema(example = "x-ray.jpg")]
    filename: String,
    /// The label decided on.
    #[schema(example = "PNEUMONIA")]
    prediction: String,
    /// The probability of the positive label (that of `prediction` where the model has no positive one), to 4 digits.
    #[schema(example = 0.9731)]
    probability: f64,
    /// The whole record, with `?detail=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Prediction>,
}

/// The query of `POST /predict`, for its description: everything else in it is a parameter of the model.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described; `Asked` reads it")]
struct PredictQuery {
    /// The model; the default one where it is left out.
    model: Option<String>,
    /// The version; the newest where it is left out.
    version: Option<u32>,
    /// Adds the whole record to the answer.
    detail: Option<bool>,
    /// The parameters that the model declares, such as `threshold=0.4`.
    #[param(style = Form, explode, required = false, additional_properties)]
    parameters: HashMap<String, String>,
}

/// What the query asks for.
#[derive(Debug, Default)]
struct Asked {
    options: analysis::Options,
    detail: bool,
}

/// Analyse one image
///
/// The answer is recorded before it is sent.
#[utoipa::path(
    post, path = "/predict", tag = "compatible", operation_id = "predict",
    security(("bearer" = [])),
    params(PredictQuery),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "What the model says", body = PredictAnswer),
        Problems, NotFound, BadFile,
    ),
)]
pub(crate) async fn predict(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Pairs(query): Pairs,
    Form(form): Form,
) -> Result<Json<PredictAnswer>, Problem> {
    let asked = Asked::read(query)?;
    let picture = read_file(form, &gateway).await?;
    let question = picture.question(asked.options);
    let record = gateway.analyst.answer(&context, question).await;
    let record = Prediction::from(record.map_err(from_rpc)?);
    Ok(Json(PredictAnswer {
        filename: picture.filename,
        prediction: record.label().unwrap_or_default().to_owned(),
        probability: four_digits(record.probability().unwrap_or_default()),
        detail: asked.detail.then_some(record),
    }))
}

/// The one field `file`, and nothing else.
async fn read_file(form: Multipart, gateway: &Gateway) -> Result<Picture, RequestError> {
    let mut fields = gateway.fields(form);
    let mut picture = None;
    while let Some(mut field) = fields.next().await? {
        match &*field.name() {
            upload::FILE if picture.is_some() => return Err(RequestError::repeated(upload::FILE)),
            upload::FILE => picture = Some(Picture::sent(&mut field, &gateway.uploads).await?),
            other => return Err(RequestError::unknown(other)),
        }
    }
    picture.ok_or(RequestError::MissingFile)
}

impl Asked {
    fn read(query: Vec<(String, String)>) -> Result<Self, RequestError> {
        let mut asked = Self::default();
        let mut seen = HashSet::new();
        for (name, value) in query {
            if !seen.insert(name.clone()) {
                return Err(RequestError::repeated(&name));
            }
            match name.as_str() {
                "model" => asked.options.model = value,
                "version" => asked.options.version = Some(analysis::read_version(&value)?),
                "detail" => {
                    let flag = value.parse();
                    asked.detail =
                        flag.map_err(|_| RequestError::invalid(name, "must be `true` or `false`"))?;
                }
                _ => {
                    asked.options.parameters.insert(name, value);
                }
            }
        }
        Ok(asked)
    }
}

fn four_digits(probability: f64) -> f64 {
    (probability * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<Asked, RequestError> {
        let pairs = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Asked::read(pairs.collect())
    }

    #[test]
    fn what_is_not_an_option_is_a_parameter_of_the_model() {
        let asked = asked(&[("model", "m"), ("detail", "true"), ("iou", "0.5")]).expect("valid");
        assert_eq!((&*asked.options.model, asked.detail), ("m", true));
        assert_eq!(asked.options.parameters["iou"], "0.5");
    }

    #[test]
    fn doubled_and_malformed_options_are_refused() {
        assert!(asked(&[("iou", "1"), ("iou", "2")]).is_err());
        assert!(asked(&[("detail", "yes")]).is_err());
        assert!(asked(&[("version", "newest")]).is_err());
    }

    #[test]
    fn probabilities_are_told_with_four_digits() {
        assert_eq!(four_digits(0.973_149_9), 0.9731);
        assert_eq!(four_digits(0.999_96), 1.0);
    }
}
