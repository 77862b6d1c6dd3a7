//! One prediction from bytes to answer, on the thread of the caller: the whole work of a job on the pool,
//! and of the command line.

use std::time::{Duration, Instant};

use metrics::histogram;
use pupila_core::Digest;
use pupila_imaging::{Format, Limits, decode};

use crate::{
    classification::Classification, error::PredictError, model::Model, parameters::Values,
};

/// A prediction, and what is to be known of the image.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// SHA-256 of the image's bytes.
    pub image_sha256: Digest,
    /// The image's format.
    pub image_format: Format,
    /// Width of the upright image in pixels.
    pub image_width: u32,
    /// Height of the upright image in pixels.
    pub image_height: u32,
    /// What the model answered.
    pub output: Classification,
    /// How long it took.
    pub times: Times,
}

/// How long each stage took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// From bytes to pixels, the digest included.
    pub decode: Duration,
    /// From pixels to the model's input.
    pub preprocess: Duration,
    /// The model, and what its numbers mean.
    pub infer: Duration,
}

/// Runs `model` over an encoded image. Takes one core for as long as it takes; allocates within `limits`.
///
/// # Errors
/// Any [`PredictError`].
pub fn predict(
    model: &Model,
    image: &[u8],
    values: &Values,
    limits: &Limits,
) -> Result<Prediction, PredictError> {
    let start = Instant::now();
    let decoded = decode(image, limits)?;
    let image_sha256 = Digest::of(image);
    let (image_width, image_height) = (decoded.picture.width(), decoded.picture.height());
    let decode = record("decode", start);

    let start = Instant::now();
    let input = model.preprocess(decoded.picture)?;
    let preprocess = record("preprocess", start);

    let start = Instant::now();
    let output = model.answer(&model.infer(&input)?, values)?;
    let infer = record("infer", start);

    Ok(Prediction {
        image_sha256,
        image_format: decoded.format,
        image_width,
        image_height,
        output,
        times: Times {
            decode,
            preprocess,
            infer,
        },
    })
}

/// How long a stage took since `start`, told to the metrics too.
fn record(stage: &'static str, start: Instant) -> Duration {
    let took = start.elapsed();
    histogram!("pupila_stage_seconds", "stage" => stage).record(took.as_secs_f64());
    took
}
