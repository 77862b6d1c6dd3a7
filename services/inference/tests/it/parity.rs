//! The bundled model answers what PyTorch answered when it was made.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::harness::{decision, predict, request, start};

/// The largest difference in probability: the pixels are the same, and floating point sums in another order.
const TOLERANCE: f64 = 1e-5;

#[derive(Deserialize)]
struct Expected {
    file: String,
    /// Of the positive label.
    probability: f64,
}

#[tokio::test]
async fn the_bundled_model_answers_as_pytorch_did() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/pneumonia/samples");
    let expected = fs::read(samples.join("expected.json")).expect("the expectations");
    let expected: Vec<Expected> = serde_json::from_slice(&expected).expect("a list");
    let mut client = start(&Default::default()).await;
    for Expected { file, probability } in &expected {
        let image = fs::read(samples.join(file)).expect("a sample");
        let answer = predict(&mut client, request("pneumonia", image)).await;
        let (_, score) = decision(&answer.unwrap_or_else(|error| panic!("{file}: {error}")));
        let difference = (score - probability).abs();
        assert!(
            difference < TOLERANCE,
            "{file}: {score}, PyTorch said {probability}"
        );
    }
    assert!(!expected.is_empty());
}
