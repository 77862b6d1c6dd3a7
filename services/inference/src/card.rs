//! The card of a model, `model.toml`: everything that is to be known to run it, but the weights.
//! docs/models.md describes every field.

mod check;
mod input;

use std::collections::BTreeMap;

use pupila_core::Digest;
use serde::Deserialize;

pub use input::{Channels, Filter, Input, Layout, Resize};

/// A model's card. Only [`Card::parse`] makes one, so it has no faults.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The name it is asked for by; also the name of its folder.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// What the model does and what it is not for.
    #[serde(default)]
    pub description: String,
    /// What kind of answer it gives.
    pub task: Task,
    /// What the outputs mean, in output order.
    pub labels: Vec<String>,
    /// SPDX expression of the weights' licence.
    pub licence: String,
    /// Where the model comes from.
    pub source: String,
    /// What the network takes.
    pub input: Input,
    /// What the network gives.
    pub output: Output,
    /// What a caller may set on each prediction.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Its versions.
    #[serde(default)]
    pub versions: BTreeMap<u32, Version>,
}

/// What kind of answer a model gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One label for the whole image.
    Classification,
}

/// What the network gives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// What its numbers are.
    pub kind: OutputKind,
    /// The label that binary questions are about.
    pub positive: Option<String>,
    /// From what probability of `positive` on it is the answer; 0.5 if left out.
    pub threshold: Option<f64>,
    /// What logits are divided by before they become probabilities (Guo et al. 2017, temperature scaling).
    pub temperature: Option<f64>,
}

/// What the network's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    /// One for each label, before the softmax; or one for two labels, before the sigmoid.
    Logits,
    /// After it.
    Probabilities,
}

/// A value that a caller may set on a prediction.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name; one of those that the task knows.
    pub name: String,
    /// What values it takes.
    #[serde(rename = "type")]
    pub kind: ParameterKind,
    /// One line for people.
    pub description: String,
    /// The smallest value allowed.
    pub minimum: f64,
    /// The largest value allowed.
    pub maximum: f64,
    /// The distance between sensible values.
    pub step: f64,
    /// What holds when the caller says nothing.
    pub default: f64,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// Any number in the range.
    Number,
    /// A whole number in the range.
    Integer,
}

/// One version of the weights.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The day it was released, YYYY-MM-DD.
    pub released: Option<String>,
    /// SHA-256 of `model.onnx`.
    pub sha256: Digest,
    /// In place of the model's threshold, and of the default of the parameter `threshold`.
    pub threshold: Option<f64>,
    /// In place of the model's temperature.
    pub temperature: Option<f64>,
    /// Reported figures by name, such as "test_auc".
    #[serde(default)]
    pub metrics: BTreeMap<String, f64>,
}

/// The card cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// Not TOML, or fields that are missing, unknown or of the wrong type.
    #[error("model.toml cannot be read: {0}")]
    Syntax(String),
    /// Every fault that was found.
    #[error("model.toml has faults: {}", .0.join("; "))]
    Faults(Vec<String>),
}

impl Card {
    /// Reads and checks the text of a card.
    ///
    /// # Errors
    /// [`CardError::Syntax`] at the first field that does not parse; else [`CardError::Faults`] with all that is wrong.
    pub fn parse(text: &str) -> Result<Self, CardError> {
        let card: Self =
            toml::from_str(text).map_err(|error| CardError::Syntax(error.to_string()))?;
        match check::faults(&card) {
            faults if faults.is_empty() => Ok(card),
            faults => Err(CardError::Faults(faults)),
        }
    }

    /// The declared parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }
}

impl Task {
    /// The parameters that models of this task may declare.
    #[must_use]
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Classification => &["threshold"],
        }
    }
}

/// Whether `name` is plain enough to be a model's: it becomes a folder, a URL and a label of metrics.
#[must_use]
pub fn is_model_name(name: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    name.len() <= 64
        && name.bytes().all(plain)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
}
