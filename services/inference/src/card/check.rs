//! What a card must not say, beyond what its types forbid.

use std::collections::HashSet;

use super::{Card, Input, OutputKind, Parameter, ParameterKind, Resize, is_model_name};

/// The largest side of an input. Larger ones are typing errors, and allocate accordingly.
const MAX_SIDE: u32 = 4096;
/// Most labels, as history keeps them; the largest public classifiers have about 22,000.
const MAX_LABELS: usize = 25_000;
/// Most characters of a label, as history keeps it.
const MAX_LABEL: usize = 255;

/// Every fault of the card, each as `field: what is wrong`.
pub(super) fn faults(card: &Card) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    faults.unless(
        is_model_name(&card.name),
        "name: 1 to 64 lower-case letters, digits, `-`, `_` or `.`, beginning with a letter or digit",
    );
    let texts = [
        ("title", &card.title),
        ("licence", &card.licence),
        ("source", &card.source),
    ];
    for (field, text) in texts {
        faults.unless(
            !text.trim().is_empty(),
            format!("{field}: must not be empty"),
        );
    }
    faults.labels(card);
    faults.input(&card.input);
    faults.output(card);
    let mut seen = HashSet::new();
    for parameter in &card.parameters {
        let first = seen.insert(parameter.name.as_str());
        faults.unless(
            first,
            format!("parameters.{}: is declared twice", parameter.name),
        );
        faults.parameter(parameter, card);
    }
    faults.versions(card);
    faults.0
}

struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, fine: bool, fault: impl Into<String>) {
        if !fine {
            self.0.push(fault.into());
        }
    }

    fn labels(&mut self, card: &Card) {
        self.unless(
            (2..=MAX_LABELS).contains(&card.labels.len()),
            format!("labels: must be from 2 to {MAX_LABELS}"),
        );
        let mut seen = HashSet::new();
        for label in &card.labels {
            // Engines disagree on whether blanks at the end tell two texts apart.
            let fits = label.trim() == label && (1..=MAX_LABEL).contains(&label.chars().count());
            self.unless(
                fits,
                format!("labels: 1 to {MAX_LABEL} characters without blanks at the ends"),
            );
            self.unless(
                seen.insert(label),
                format!("labels: `{label}` is there twice"),
            );
        }
    }

    fn input(&mut self, input: &Input) {
        for (field, side) in [("width", input.width), ("height", input.height)] {
            let fine = (1..=MAX_SIDE).contains(&side);
            self.unless(fine, format!("input.{field}: must be from 1 to {MAX_SIDE}"));
        }
        let channels = input.channels.count();
        for (field, values) in [("mean", &input.mean), ("std", &input.std)] {
            let fine = values.is_empty() || values.len() == channels;
            self.unless(
                fine,
                format!("input.{field}: must have {channels} values, one a channel"),
            );
        }
        let finite = input.mean.iter().all(|value| value.is_finite());
        self.unless(finite, "input.mean: must be finite");
        let positive = |value: &f32| value.is_finite() && *value > 0.0;
        self.unless(input.std.iter().all(positive), "input.std: must be above 0");
        let scales = input.scale.is_finite() && input.scale != 0.0;
        self.unless(scales, "input.scale: must be a number other than 0");
        if let Some(side) = input.resize_shorter_side {
            self.unless(
                input.resize == Resize::CenterCrop,
                "input.resize_shorter_side: goes with resize = \"center_crop\" only",
            );
            let fine = (input.width.max(input.height)..=MAX_SIDE).contains(&side);
            self.unless(
                fine,
                format!(
                    "input.resize_shorter_side: must be from the input's larger side to {MAX_SIDE}"
                ),
            );
        }
        self.unless(
            input.pad.is_none() || input.resize == Resize::Letterbox,
            "input.pad: goes with resize = \"letterbox\" only",
        );
    }

    fn output(&mut self, card: &Card) {
        let output = &card.output;
        if let Some(positive) = &output.positive {
            let known = card.labels.contains(positive);
            self.unless(
                known,
                format!("output.positive: `{positive}` is not a label"),
            );
        }
        self.threshold("output.threshold", output.threshold, card);
        self.temperature("output.temperature", output.temperature, card);
    }

    fn threshold(&mut self, field: &str, threshold: Option<f64>, card: &Card) {
        let Some(threshold) = threshold else { return };
        let fine = (0.0..=1.0).contains(&threshold);
        self.unless(fine, format!("{field}: must be from 0 to 1"));
        let meant = card.output.positive.is_some();
        self.unless(meant, format!("{field}: needs output.positive"));
        if let Some(parameter) = card.parameter("threshold") {
            let fine = (parameter.minimum..=parameter.maximum).contains(&threshold);
            self.unless(
                fine,
                format!("{field}: is outside the range of parameters.threshold"),
            );
        }
    }

    fn temperature(&mut self, field: &str, temperature: Option<f64>, card: &Card) {
        let Some(temperature) = temperature else {
            return;
        };
        let fine = temperature.is_finite() && temperature > 0.0;
        self.unless(fine, format!("{field}: must be above 0"));
        let logits = card.output.kind == OutputKind::Logits;
        self.unless(
            logits,
            format!("{field}: goes with output.kind = \"logits\" only"),
        );
    }

    fn parameter(&mut self, parameter: &Parameter, card: &Card) {
        let field = format!("parameters.{}", parameter.name);
        let known = card.task.parameters();
        if !known.contains(&parameter.name.as_str()) {
            self.0.push(format!(
                "{field}: is not known; known are {}",
                known.join(", ")
            ));
            return;
        }
        self.unless(
            card.output.positive.is_some(),
            format!("{field}: needs output.positive"),
        );
        let (minimum, maximum) = (parameter.minimum, parameter.maximum);
        let range = minimum.is_finite() && maximum.is_finite() && minimum < maximum;
        self.unless(range, format!("{field}: minimum must be below maximum"));
        let probability = minimum >= 0.0 && maximum <= 1.0;
        self.unless(probability, format!("{field}: must stay within 0 and 1"));
        let inside = (minimum..=maximum).contains(&parameter.default);
        self.unless(
            inside,
            format!("{field}.default: must be from minimum to maximum"),
        );
        let step = parameter.step.is_finite() && parameter.step > 0.0;
        self.unless(step, format!("{field}.step: must be above 0"));
        if parameter.kind == ParameterKind::Integer {
            let whole = [minimum, maximum, parameter.default]
                .iter()
                .all(|value| value.fract() == 0.0);
            self.unless(
                whole,
                format!("{field}: an integer's bounds and default are whole numbers"),
            );
        }
        let agrees = card
            .output
            .threshold
            .is_none_or(|threshold| threshold == parameter.default);
        self.unless(
            agrees,
            format!("{field}.default: must equal output.threshold"),
        );
    }

    fn versions(&mut self, card: &Card) {
        self.unless(
            !card.versions.is_empty(),
            "versions: there must be one at least",
        );
        for (number, version) in &card.versions {
            let field = format!("versions.{number}");
            self.unless(*number > 0, format!("{field}: versions count from 1"));
            self.threshold(&format!("{field}.threshold"), version.threshold, card);
            self.temperature(&format!("{field}.temperature"), version.temperature, card);
            let dated = version.released.as_deref().is_none_or(is_date);
            self.unless(
                dated,
                format!("{field}.released: must be a day, YYYY-MM-DD"),
            );
            for (name, value) in &version.metrics {
                let finite = value.is_finite();
                self.unless(finite, format!("{field}.metrics.{name}: must be finite"));
            }
        }
    }
}

/// Whether the text looks like a day; the calendar is not asked.
fn is_date(text: &str) -> bool {
    let digit_or_dash = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(digit_or_dash)
}
