//! Models.

use std::collections::BTreeMap;

use pupila_proto::inference::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::{parameter::Parameter, present};

/// A model as its card declares it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Model {
    /// The name it is asked for by.
    #[schema(example = "pneumonia")]
    name: String,
    /// One line for people.
    title: String,
    /// What the model does and what it is not for.
    description: String,
    /// What kind of answer it gives.
    task: Task,
    /// What the outputs mean.
    labels: Vec<String>,
    /// The label whose probability binary questions are about; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    positive_label: Option<String>,
    /// What a caller may set on each prediction.
    parameters: Vec<Parameter>,
    /// SPDX expression of the weights' licence.
    #[schema(example = "CC-BY-4.0")]
    licence: String,
    /// Where the model comes from.
    source: String,
    /// The size that every image is brought to.
    input: InputSize,
    /// All versions, the newest first.
    versions: Vec<ModelVersion>,
}

/// What kind of answer a model gives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Task {
    /// One label for the whole image.
    Classification,
    /// A task that this gateway is too old to know.
    Unknown,
}

/// A size in pixels.
#[derive(Debug, Serialize, ToSchema)]
struct InputSize {
    /// Pixels from left to right.
    width: u32,
    /// Pixels from top to bottom.
    height: u32,
}

/// One version of a model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelVersion {
    /// The highest is the newest.
    version: u32,
    /// Whether it answers now.
    state: ModelState,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// SHA-256 of the model file.
    sha256: String,
    /// Bytes of the model file.
    size_bytes: u64,
    /// The day it was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-23")]
    release_date: Option<String>,
    /// Reported figures by name.
    metrics: BTreeMap<String, f64>,
}

/// Whether a version answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ModelState {
    /// Being read, optimised and warmed up.
    Loading,
    /// Answers predictions.
    Ready,
    /// In the repository, but not in memory.
    Unloaded,
    /// Refused or broken.
    Failed,
}

impl Model {
    /// The version written as `version`, if there is one.
    pub(crate) fn into_version(self, version: &str) -> Option<ModelVersion> {
        let mut versions = self.versions.into_iter();
        versions.find(|known| known.version.to_string() == version)
    }
}

impl From<proto::Model> for Model {
    fn from(model: proto::Model) -> Self {
        let task = model.task();
        let input = model.input_size.unwrap_or_default();
        Self {
            name: model.name,
            title: model.title,
            description: model.description,
            task: match task {
                proto::Task::Classification => Task::Classification,
                proto::Task::Unspecified => Task::Unknown,
            },
            labels: model.labels,
            positive_label: present(model.positive_label),
            parameters: model.parameters.into_iter().map(Parameter::from).collect(),
            licence: model.licence,
            source: model.source,
            input: InputSize {
                width: input.width,
                height: input.height,
            },
            versions: model.versions.into_iter().map(ModelVersion::from).collect(),
        }
    }
}

impl From<proto::ModelVersion> for ModelVersion {
    fn from(version: proto::ModelVersion) -> Self {
        let state = match version.state() {
            proto::ModelState::Loading => ModelState::Loading,
            proto::ModelState::Ready => ModelState::Ready,
            proto::ModelState::Unloaded => ModelState::Unloaded,
            proto::ModelState::Failed | proto::ModelState::Unspecified => ModelState::Failed,
        };
        Self {
            version: version.version,
            state,
            failure: present(version.failure),
            sha256: version.sha256,
            size_bytes: version.size_bytes,
            release_date: present(version.release_date),
            metrics: version.metrics.into_iter().collect(),
        }
    }
}
