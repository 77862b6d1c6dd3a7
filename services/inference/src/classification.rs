//! From the network's numbers to one label for the whole image.

use crate::card::{Card, OutputKind};

/// How far rounding may carry a probability out of 0..1.
const SLACK: f64 = 1e-3;

/// The answer of a classification model.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The label decided on: the positive label where its score reaches the threshold, else the highest other one.
    pub label: String,
    /// Its calibrated probability, 0..1.
    pub score: f64,
    /// Every label with its calibrated probability, the highest first.
    pub scores: Vec<(String, f64)>,
    /// The calibrated probability of the positive label, where the model has one.
    pub positive_score: Option<f64>,
}

/// The network's numbers are no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// Not as many numbers as labels.
    #[error("the network gives {actual} numbers for {labels} labels")]
    Length {
        /// Numbers given.
        actual: usize,
        /// Labels on the card.
        labels: usize,
    },
    /// NaN, infinite, or no probability where the card says so.
    #[error("the network gave a number that is no answer")]
    Number,
}

/// Whether `outputs` numbers can answer for the card's labels: one each, or one for two.
pub(crate) fn check_length(outputs: usize, labels: usize) -> Result<(), OutputError> {
    if outputs == labels || (outputs, labels) == (1, 2) {
        return Ok(());
    }
    Err(OutputError::Length {
        actual: outputs,
        labels,
    })
}

/// Decides on a label.
pub(crate) fn classify(
    card: &Card,
    outputs: &[f32],
    temperature: f64,
    threshold: f64,
) -> Result<Classification, OutputError> {
    let probabilities = probabilities(card, outputs, temperature)?;
    let positive = positive_index(card);
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    // Stable: of equal scores the first label wins.
    order.sort_by(|one, other| probabilities[*other].total_cmp(&probabilities[*one]));
    let positive_score = positive.map(|index| probabilities[index]);
    let chosen = match (positive, positive_score) {
        (Some(index), Some(score)) if score >= threshold => Some(index),
        // Below the threshold it is not the answer, even if it is the highest.
        _ => order.iter().copied().find(|index| Some(*index) != positive),
    };
    let chosen = chosen.ok_or(OutputError::Number)?;
    let scores = order
        .iter()
        .map(|index| (card.labels[*index].clone(), probabilities[*index]))
        .collect();
    Ok(Classification {
        label: card.labels[chosen].clone(),
        score: probabilities[chosen],
        scores,
        positive_score,
    })
}

/// One probability for each label.
fn probabilities(card: &Card, outputs: &[f32], temperature: f64) -> Result<Vec<f64>, OutputError> {
    check_length(outputs.len(), card.labels.len())?;
    if outputs.iter().any(|number| !number.is_finite()) {
        return Err(OutputError::Number);
    }
    let numbers = outputs.iter().map(|number| f64::from(*number));
    let scaled: Vec<f64> = match card.output.kind {
        OutputKind::Logits => numbers.map(|logit| logit / temperature).collect(),
        OutputKind::Probabilities => numbers.map(probability).collect::<Result<_, _>>()?,
    };
    Ok(match (card.output.kind, scaled.as_slice()) {
        (OutputKind::Logits, [logit]) => pair(card, 1.0 / (1.0 + (-logit).exp())),
        (OutputKind::Probabilities, [probability]) => pair(card, *probability),
        (OutputKind::Logits, logits) => softmax(logits),
        (OutputKind::Probabilities, _) => scaled,
    })
}

/// Two probabilities from one: it is the positive label's, or the second label's where none is positive.
fn pair(card: &Card, probability: f64) -> Vec<f64> {
    match positive_index(card) {
        Some(0) => vec![probability, 1.0 - probability],
        _ => vec![1.0 - probability, probability],
    }
}

/// Shifted by the largest, so that nothing overflows.
fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

fn probability(number: f64) -> Result<f64, OutputError> {
    if !(-SLACK..=1.0 + SLACK).contains(&number) {
        return Err(OutputError::Number);
    }
    Ok(number.clamp(0.0, 1.0))
}

fn positive_index(card: &Card) -> Option<usize> {
    let positive = card.output.positive.as_ref()?;
    card.labels.iter().position(|label| label == positive)
}
