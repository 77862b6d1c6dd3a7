//! `POST /v1/predictions/{id}:replay`

use std::{collections::HashMap, num::NonZeroU32};

use axum::{extract::State, response::Response};
use pupila_analysis::Question;
use pupila_proto::history::v1 as history;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{create::created, get::fetch};
use crate::{
    analysis::{self, Options},
    app::Gateway,
    dto::{number, prediction::Prediction},
    error::RequestError,
    extract::{Caller, IdempotencyKey, Json, Path},
    openapi::{BadFile, Conflict, NotFound, Problems},
    picture::Picture,
    problem::{Problem, from_rpc},
    refusal::Refusal,
};

/// How to analyse the image this time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayOrder {
    /// The model; that of the prediction where it is left out.
    model: Option<String>,
    /// The version; the newest where it is left out.
    #[serde(default, deserialize_with = "number::version")]
    #[schema(value_type = Option<u32>, minimum = 1)]
    version: Option<NonZeroU32>,
    /// Parameters that the model declares. Those that are left out are as in the prediction, where its model is asked
    /// again.
    #[serde(default)]
    #[schema(value_type = HashMap<String, f64>, example = json!({"threshold": 0.4}))]
    parameters: HashMap<String, Value>,
}

/// Two predictions of one image, side by side.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replay {
    /// The one that was repeated.
    original: Prediction,
    /// The new one.
    replay: Prediction,
}

/// Analyse a prediction's image again, with another model, version or parameters
///
/// For predictions of stored images. The answer is recorded before it is sent.
#[utoipa::path(
    post, path = "/v1/predictions/{id}/~replay", tag = "predictions", operation_id = "replay_prediction",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The prediction's id"), IdempotencyKey),
    request_body = ReplayOrder,
    responses(
        (
            status = 201, description = "Both records", body = Replay,
            headers(("Location" = String, description = "Where the new one is")),
        ),
        Problems, NotFound, Conflict, BadFile,
    ),
)]
pub(crate) async fn replay_prediction(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Json(order): Json<ReplayOrder>,
) -> Result<Response, Problem> {
    let original = fetch(&gateway, &context, id).await?;
    let options = options(order, &original)?;
    if original.image_id.is_empty() {
        return Err(Refusal::ImageNotStored.into());
    }
    let picture = Picture::stored(&gateway, &context, original.image_id.clone()).await?;
    let question = Question {
        replay_of: original.id.clone(),
        idempotency_key: key.into_text(),
        ..picture.question(options)
    };
    let replay = gateway.analyst.answer(&context, question).await;
    let replay = Prediction::from(replay.map_err(from_rpc)?);
    let location = replay.location();
    let original = original.into();
    Ok(created(location, Replay { original, replay }))
}

/// How to analyse the image of `original`.
fn options(order: ReplayOrder, original: &history::Prediction) -> Result<Options, RequestError> {
    let model = order.model.unwrap_or_else(|| original.model.clone());
    let mut parameters = HashMap::new();
    if model == original.model {
        let known = original.parameters.iter();
        parameters.extend(known.map(|(name, value)| (name.clone(), value.to_string())));
    }
    parameters.extend(analysis::read_parameters(order.parameters)?);
    Ok(Options {
        model,
        version: order.version.map(NonZeroU32::get),
        parameters,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn options_of(order: Value) -> Options {
        let original = history::Prediction {
            model: "pneumonia".to_owned(),
            version: 1,
            parameters: HashMap::from([("threshold".to_owned(), 0.7), ("top_k".to_owned(), 3.0)]),
            ..history::Prediction::default()
        };
        let order = serde_json::from_value(order).expect("an order");
        options(order, &original).expect("options")
    }

    #[test]
    fn what_is_left_out_is_as_it_was() {
        let options = options_of(json!({"version": 2, "parameters": {"threshold": 0.4}}));
        assert_eq!((&*options.model, options.version), ("pneumonia", Some(2)));
        assert_eq!(options.parameters["threshold"], "0.4");
        assert_eq!(options.parameters["top_k"], "3");
    }

    #[test]
    fn another_model_has_parameters_of_its_own() {
        let options = options_of(json!({"model": "cats"}));
        assert_eq!((&*options.model, options.version), ("cats", None));
        assert!(options.parameters.is_empty());
    }
}
