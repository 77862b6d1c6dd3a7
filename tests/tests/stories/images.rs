//! Every kind of image, and the answers that PyTorch gave.

use pupila_tests::{File, Pupila, Shape, stories};
use serde_json::Value;

stories!(
    the_answers_are_those_of_pytorch,
    every_sound_png_is_read_and_every_broken_one_refused,
);

/// The largest difference in probability: the answer has 4 digits.
const TOLERANCE: f64 = 1e-4;

async fn the_answers_are_those_of_pytorch(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let expected = File::read(&File::samples().join("expected.json"));
    let expected: Vec<Value> = serde_json::from_slice(&expected.bytes).expect("a list");
    assert!(!expected.is_empty());
    for theirs in expected {
        let name = theirs["file"].as_str().expect("a name");
        let ours = app.predict(&File::sample(name)).await.ok();
        let [ours, theirs] =
            [&ours, &theirs].map(|answer| answer["probability"].as_f64().expect("a number"));
        assert!(
            (ours - theirs).abs() < TOLERANCE,
            "{name}: {ours}, PyTorch said {theirs}"
        );
    }
}

async fn every_sound_png_is_read_and_every_broken_one_refused(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let suite = File::png_suite();
    assert!(suite.len() > 170, "only {} files", suite.len());
    for file in suite {
        let status = app.predict(&file).await.status;
        let expected = if file.name.starts_with('x') { 422 } else { 200 };
        assert_eq!(status, expected, "{}", file.name);
    }
}
