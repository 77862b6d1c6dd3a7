//! Cards tell all their faults at once.

use pupila_inference::card::{Card, CardError};

use crate::harness::{BRIGHTNESS, brightness_card, fixture};

fn faults(text: &str) -> Vec<String> {
    match Card::parse(text) {
        Err(CardError::Faults(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

fn sound() -> String {
    brightness_card(&[(1, &fixture("brightness-1.onnx"))])
}

#[test]
fn a_sound_card_is_read() {
    let card = Card::parse(&sound()).expect("sound");
    assert_eq!(card.input.shape(), [1, 1, 8, 8]);
    assert_eq!(card.versions.keys().collect::<Vec<_>>(), [&1]);
}

#[test]
fn each_fault_is_named_with_its_field() {
    let cases = [
        ("name = \"brightness\"", "name = \"../x\"", "name:"),
        ("\"Bright or dark\"", "\" \"", "title:"),
        (
            "[\"dark\", \"bright\"]",
            "[\"bright\"]",
            "labels: must be from 2",
        ),
        (
            "[\"dark\", \"bright\"]",
            "[\"bright\", \"bright\"]",
            "labels: `bright` is there twice",
        ),
        ("width = 8", "width = 0", "input.width:"),
        ("height = 8", "height = 99999", "input.height:"),
        ("scale = 0.00392156862745098", "scale = nan", "input.scale:"),
        (
            "scale = 0.00392156862745098",
            "mean = [0.1, 0.2]",
            "input.mean: must have 1",
        ),
        (
            "scale = 0.00392156862745098",
            "std = [0.0]",
            "input.std: must be above 0",
        ),
        (
            "scale = 0.00392156862745098",
            "pad = 3",
            "input.pad: goes with",
        ),
        (
            "scale = 0.00392156862745098",
            "resize_shorter_side = 9",
            "input.resize_shorter_side: goes with",
        ),
        (
            "positive = \"bright\"",
            "positive = \"lit\"",
            "output.positive: `lit`",
        ),
        (
            "positive = \"bright\"",
            "",
            "parameters.threshold: needs output.positive",
        ),
        (
            "positive = \"bright\"",
            "positive = \"bright\"\nthreshold = 1.5",
            "output.threshold: must be from 0",
        ),
        (
            "positive = \"bright\"",
            "positive = \"bright\"\nthreshold = 0.7",
            "parameters.threshold.default: must equal",
        ),
        (
            "positive = \"bright\"",
            "positive = \"bright\"\ntemperature = 0.0",
            "output.temperature: must be above 0",
        ),
        (
            "kind = \"logits\"",
            "kind = \"probabilities\"\ntemperature = 2.0",
            "output.temperature: goes with",
        ),
        (
            "name = \"threshold\"",
            "name = \"speed\"",
            "parameters.speed: is not known; known are threshold",
        ),
        (
            "minimum = 0.01",
            "minimum = 1.0",
            "parameters.threshold: minimum must be below maximum",
        ),
        (
            "maximum = 0.99",
            "maximum = 2.0",
            "parameters.threshold: must stay within 0 and 1",
        ),
        ("step = 0.01", "step = 0.0", "parameters.threshold.step:"),
        (
            "type = \"number\"",
            "type = \"integer\"",
            "parameters.threshold: an integer's",
        ),
        (
            "[versions.1]",
            "[versions.0]",
            "versions.0: versions count from 1",
        ),
        (
            "[versions.1]",
            "[versions.1]\nreleased = \"today\"",
            "versions.1.released:",
        ),
        (
            "[versions.1]",
            "[versions.1]\nthreshold = 0.995",
            "versions.1.threshold: is outside",
        ),
        (
            "[versions.1]",
            "[versions.1]\nmetrics = { auc = nan }",
            "versions.1.metrics.auc:",
        ),
    ];
    for (from, to, expected) in cases {
        let text = sound().replacen(from, to, 1);
        assert_ne!(text, sound(), "{from}");
        let faults = faults(&text);
        assert!(
            faults.iter().any(|fault| fault.starts_with(expected)),
            "{expected}: {faults:?}"
        );
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = sound()
        .replace("width = 8", "width = 0")
        .replace("\"Bright or dark\"", "\"\"")
        .replace("step = 0.01", "step = -1.0");
    assert_eq!(faults(&text).len(), 3);
}

#[test]
fn a_card_without_versions_is_refused() {
    assert_eq!(faults(BRIGHTNESS), ["versions: there must be one at least"]);
}

#[test]
fn unknown_fields_and_words_are_refused() {
    for (from, to) in [
        ("title =", "titel ="),
        ("channels = \"gray\"", "channels = \"cmyk\""),
        ("task = \"classification\"", "task = \"guessing\""),
        ("sha256 = \"", "sha256 = \"00"),
        ("[versions.1]", "[versions.one]"),
    ] {
        let text = sound().replacen(from, to, 1);
        let refused = Card::parse(&text);
        assert!(
            matches!(refused, Err(CardError::Syntax(_))),
            "{to}: {refused:?}"
        );
    }
}
