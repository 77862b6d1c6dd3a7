//! From our types to the messages.

use std::{collections::HashMap, time::Duration};

use pupila_proto::inference::v1::{
    Classification, InputSize, LabelScore, Model, ModelState, ModelVersion, Output, Parameter,
    ParameterType, PredictResponse, ResolveModelResponse, StageTimes, Task, output,
};

use crate::{
    card::{self, Card},
    classification, model,
    parameters::Values,
    pipeline::Prediction,
    registry::{Entry, State, Version},
};

pub(super) fn model(entry: &Entry) -> Model {
    let card = entry.card.as_deref();
    let versions = entry
        .versions
        .iter()
        .rev()
        .map(|(number, version)| model_version(*number, version, card))
        .collect();
    let Some(card) = card else {
        return Model {
            name: entry.name.clone(),
            versions,
            ..Model::default()
        };
    };
    let answering = entry.ready(None).ok();
    Model {
        name: entry.name.clone(),
        title: card.title.clone(),
        description: card.description.clone(),
        task: task(card.task).into(),
        labels: card.labels.clone(),
        parameters: card
            .parameters
            .iter()
            .map(|declared| parameter(declared, answering.as_deref()))
            .collect(),
        licence: card.licence.clone(),
        source: card.source.clone(),
        input_size: Some(InputSize {
            width: card.input.width,
            height: card.input.height,
        }),
        versions,
        positive_label: card.output.positive.clone().unwrap_or_default(),
    }
}

fn model_version(number: u32, version: &Version, card: Option<&Card>) -> ModelVersion {
    let listed = card.and_then(|card| card.versions.get(&number));
    let (state, failure) = match &version.state {
        State::Loading => (ModelState::Loading, ""),
        State::Ready(_) => (ModelState::Ready, ""),
        State::Unloaded => (ModelState::Unloaded, ""),
        State::Failed(failure) => (ModelState::Failed, failure.as_str()),
    };
    ModelVersion {
        version: number,
        state: state.into(),
        failure: failure.to_owned(),
        sha256: version
            .sha256
            .map(|digest| digest.to_string())
            .unwrap_or_default(),
        size_bytes: version.size_bytes,
        release_date: listed
            .and_then(|listed| listed.released.clone())
            .unwrap_or_default(),
        metrics: listed
            .into_iter()
            .flat_map(|listed| listed.metrics.clone())
            .collect(),
    }
}

fn task(task: card::Task) -> Task {
    match task {
        card::Task::Classification => Task::Classification,
    }
}

/// A parameter with what holds for the version that answers by default.
fn parameter(parameter: &card::Parameter, answering: Option<&model::Model>) -> Parameter {
    let kind = match parameter.kind {
        card::ParameterKind::Number => ParameterType::Number,
        card::ParameterKind::Integer => ParameterType::Integer,
    };
    Parameter {
        name: parameter.name.clone(),
        description: parameter.description.clone(),
        r#type: kind.into(),
        minimum: parameter.minimum,
        maximum: parameter.maximum,
        step: parameter.step,
        default: answering
            .and_then(|model| model.default_of(&parameter.name))
            .unwrap_or(parameter.default),
    }
}

pub(super) fn prediction(
    model: &model::Model,
    values: &Values,
    prediction: Prediction,
    waited: Duration,
) -> PredictResponse {
    let times = prediction.times;
    PredictResponse {
        model: model.card().name.clone(),
        version: model.version(),
        model_sha256: model.digest().to_string(),
        image_sha256: prediction.image_sha256.to_string(),
        image_format: prediction.image_format.name().to_owned(),
        image_width: prediction.image_width,
        image_height: prediction.image_height,
        parameters: parameters(values),
        output: Some(Output {
            kind: Some(output::Kind::Classification(classification(
                prediction.output,
            ))),
        }),
        stage_times: Some(StageTimes {
            queue_us: microseconds(waited),
            decode_us: microseconds(times.decode),
            preprocess_us: microseconds(times.preprocess),
            infer_us: microseconds(times.infer),
        }),
    }
}

pub(super) fn resolution(model: &model::Model, values: &Values) -> ResolveModelResponse {
    ResolveModelResponse {
        model: model.card().name.clone(),
        version: model.version(),
        parameters: parameters(values),
    }
}

fn parameters(values: &Values) -> HashMap<String, f64> {
    let values = values.iter();
    values
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn classification(answer: classification::Classification) -> Classification {
    let scores = answer.scores.into_iter();
    Classification {
        label: answer.label,
        score: answer.score,
        scores: scores
            .map(|(label, score)| LabelScore { label, score })
            .collect(),
        positive_score: answer.positive_score,
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
