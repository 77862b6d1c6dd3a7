//! What a record may hold. The widths are those of the columns, so that every engine refuses the same.

use pupila_core::FieldViolation;

use crate::{HistoryError, NewPrediction};

/// Most characters of a model's or a parameter's name.
pub(crate) const MODEL: usize = 100;
/// Most characters of a label: the longest of ImageNet's has 121.
pub(crate) const LABEL: usize = 255;
/// Most characters of a file's name: what file systems allow.
const FILENAME: usize = 255;
/// Most characters of a format's name.
const FORMAT: usize = 16;
/// Most labels of a model; ImageNet-21k has 21,841.
const SCORES: usize = 25_000;
/// Most parameters of a model.
const PARAMETERS: usize = 100;

pub(crate) const NAME_RULE: &str = "must not be empty, nor longer than what is stored";
pub(crate) const SCORE_RULE: &str = "must be from 0 to 1";

/// Whether it is a probability. `NaN` is in no range.
pub(crate) fn is_score(score: f64) -> bool {
    (0.0..=1.0).contains(&score)
}

/// Whether the text is there and fits `most` characters.
pub(crate) fn is_name(text: &str, most: usize) -> bool {
    !text.is_empty() && fits(text, most)
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
}

/// Refuses a prediction that cannot be stored or cannot be true.
///
/// # Errors
/// `INVALID_ARGUMENT` with every field at fault, as `prediction/field`.
pub(crate) fn check(prediction: &NewPrediction) -> Result<(), HistoryError> {
    let mut violations = Vec::new();
    let mut require = |holds: bool, field: &str, description: String| {
        if !holds {
            let field = format!("prediction/{field}");
            violations.push(FieldViolation::new(field, description));
        }
    };
    let name_of = |most| format!("must have from 1 to {most} characters");
    let score_rule = || SCORE_RULE.to_owned();
    let NewPrediction {
        request_id: _,
        filename,
        image,
        model,
        parameters,
        output,
        stage_times,
    } = prediction;

    require(
        fits(filename, FILENAME),
        "filename",
        format!("must have at most {FILENAME} characters"),
    );
    require(
        is_name(&image.format, FORMAT),
        "image_format",
        name_of(FORMAT),
    );
    require(
        image.width > 0,
        "image_width",
        "must be at least 1".to_owned(),
    );
    require(
        image.height > 0,
        "image_height",
        "must be at least 1".to_owned(),
    );
    require(is_name(&model.name, MODEL), "model", name_of(MODEL));
    require(
        model.version > 0,
        "version",
        "must be at least 1".to_owned(),
    );
    require(
        parameters.len() <= PARAMETERS
            && parameters
                .iter()
                .all(|(name, value)| is_name(name, MODEL) && value.is_finite()),
        "parameters",
        format!("at most {PARAMETERS} finite numbers with names of 1 to {MODEL} characters"),
    );
    let classification = "output/classification";
    require(
        is_name(&output.label, LABEL),
        &format!("{classification}/label"),
        name_of(LABEL),
    );
    require(
        is_score(output.score),
        &format!("{classification}/score"),
        score_rule(),
    );
    require(
        output.positive_score.is_none_or(is_score),
        &format!("{classification}/positive_score"),
        score_rule(),
    );
    require(
        output.scores.len() <= SCORES
            && output
                .scores
                .iter()
                .all(|entry| is_name(&entry.label, LABEL) && is_score(entry.score)),
        &format!("{classification}/scores"),
        format!("at most {SCORES} labels of 1 to {LABEL} characters with scores from 0 to 1"),
    );
    let times = [
        ("queue_us", stage_times.queue_us),
        ("decode_us", stage_times.decode_us),
        ("preprocess_us", stage_times.preprocess_us),
        ("infer_us", stage_times.infer_us),
    ];
    for (stage, time) in times {
        require(
            i64::try_from(time).is_ok(),
            &format!("stage_times/{stage}"),
            "must be less than 2^63 microseconds".to_owned(),
        );
    }
    HistoryError::unless_valid(violations)
}
