//! What a record may hold. The widths are those of the columns, so that every engine refuses the same.

use crate::{
    Classification, HistoryError, NewPrediction, StageTimes,
    violations::{Violations, is_name, is_score},
};

/// Most characters of a model's or a parameter's name.
pub(crate) const NAME: usize = 100;
/// Most characters of a label.
pub(crate) const LABEL: usize = 255;
/// Most characters of what a person says of a prediction.
pub(crate) const COMMENT: usize = 2_000;
/// Most characters of a file's name.
const FILENAME: usize = 255;
/// Most characters of a format's name.
const FORMAT: usize = 16;
/// Most labels of a model: ImageNet-21k has 21,841.
const SCORES: usize = 25_000;
/// Most parameters of a model.
const PARAMETERS: usize = 100;

impl NewPrediction {
    /// Refuses a prediction that cannot be stored or cannot be true.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault, as `prediction/field`.
    pub fn check(&self) -> Result<(), HistoryError> {
        let mut violations = Violations::of("prediction");
        violations.require_short("filename", &self.filename, FILENAME);
        violations.require_name("image_format", &self.image.format, FORMAT);
        violations.require_positive("image_width", self.image.width);
        violations.require_positive("image_height", self.image.height);
        violations.require_name("model", &self.model.name, NAME);
        violations.require_positive("version", self.model.version);
        check_parameters(self, &mut violations);
        check_output(&self.output, &mut violations);
        check_times(&self.stage_times, &mut violations);
        violations.finish()
    }

    /// Refuses a replay that looked at another image than the original.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT`.
    pub(crate) fn check_replay(&self, original: &Self) -> Result<(), HistoryError> {
        let mut violations = Violations::of("prediction");
        let same = self.image.sha256 == original.image.sha256;
        violations.require(same, "replay_of", "must be a prediction of the same image");
        violations.finish()
    }
}

fn check_parameters(prediction: &NewPrediction, violations: &mut Violations) {
    let parameters = &prediction.parameters;
    let few = parameters.len() <= PARAMETERS;
    let holds = |(name, value): (&String, &f64)| is_name(name, NAME) && value.is_finite();
    if !few || !parameters.iter().all(holds) {
        let rule =
            format!("at most {PARAMETERS} finite numbers with names of 1 to {NAME} characters");
        violations.require(false, "parameters", rule);
    }
}

fn check_output(output: &Classification, violations: &mut Violations) {
    violations.require_name("output/classification/label", &output.label, LABEL);
    violations.require_score("output/classification/score", output.score);
    if let Some(score) = output.positive_score {
        violations.require_score("output/classification/positive_score", score);
    }
    let few = output.scores.len() <= SCORES;
    let mut scores = output.scores.iter();
    if !few || !scores.all(|entry| is_name(&entry.label, LABEL) && is_score(entry.score)) {
        let rule =
            format!("at most {SCORES} labels of 1 to {LABEL} characters with scores from 0 to 1");
        violations.require(false, "output/classification/scores", rule);
    }
}

fn check_times(times: &StageTimes, violations: &mut Violations) {
    for (field, time) in [
        ("stage_times/queue_us", times.queue_us),
        ("stage_times/decode_us", times.decode_us),
        ("stage_times/preprocess_us", times.preprocess_us),
        ("stage_times/infer_us", times.infer_us),
    ] {
        let holds = i64::try_from(time).is_ok();
        violations.require(holds, field, "must be less than 2^63");
    }
}
