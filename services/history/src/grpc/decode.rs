//! From messages to our words. What has no form in our words is refused here, by field; whether the rest makes
//! sense is for the domain to say.

use std::str::FromStr;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use pupila_core::{IdempotencyKey, PredictionId, RequestId, UserId};
use pupila_proto::{history::v1 as proto, inference::v1 as inference};

use crate::{
    Classification, HistoryError, ImageFacts, LabelScore, ModelFacts, NewPrediction, NewReview,
    PredictionFilter, StageTimes, Verdict,
};

pub(super) fn id(text: &str) -> Result<PredictionId, HistoryError> {
    parse("id", text)
}

pub(super) fn user_id(text: &str) -> Result<UserId, HistoryError> {
    parse("user_id", text)
}

pub(super) fn key(text: &str) -> Result<IdempotencyKey, HistoryError> {
    parse("idempotency_key", text)
}

/// Empty for none.
pub(super) fn optional_key(text: &str) -> Result<Option<IdempotencyKey>, HistoryError> {
    optional("idempotency_key", text)
}

pub(super) fn new_prediction(
    message: Option<proto::Prediction>,
) -> Result<NewPrediction, HistoryError> {
    let message = message.ok_or_else(|| missing("prediction"))?;
    let output = message.output.and_then(|output| output.kind);
    let Some(inference::output::Kind::Classification(output)) = output else {
        return Err(missing("prediction/output"));
    };
    let times = message.stage_times.unwrap_or_default();
    Ok(NewPrediction {
        request_id: RequestId::accept(&message.request_id).ok_or_else(|| {
            let description = "must have from 1 to 64 letters, digits or -_.:";
            HistoryError::field("prediction/request_id", description)
        })?,
        filename: message.filename,
        image: ImageFacts {
            id: optional("prediction/image_id", &message.image_id)?,
            sha256: parse("prediction/image_sha256", &message.image_sha256)?,
            format: message.image_format,
            width: message.image_width,
            height: message.image_height,
        },
        model: ModelFacts {
            name: message.model,
            version: message.version,
            sha256: parse("prediction/model_sha256", &message.model_sha256)?,
        },
        parameters: message.parameters.into_iter().collect(),
        output: classification(output),
        stage_times: StageTimes {
            queue_us: times.queue_us,
            decode_us: times.decode_us,
            preprocess_us: times.preprocess_us,
            infer_us: times.infer_us,
        },
        replay_of: optional("prediction/replay_of", &message.replay_of)?,
    })
}

pub(super) fn new_review(
    message: proto::ReviewPredictionRequest,
) -> Result<NewReview, HistoryError> {
    let verdict = match message.verdict() {
        proto::Verdict::Agree => Verdict::Agree,
        proto::Verdict::Disagree => Verdict::Disagree,
        proto::Verdict::Unspecified => {
            return Err(HistoryError::field("verdict", "must be agree or disagree"));
        }
    };
    Ok(NewReview {
        verdict,
        label: message.label,
        comment: message.comment,
    })
}

pub(super) fn filter(
    message: Option<proto::PredictionFilter>,
) -> Result<PredictionFilter, HistoryError> {
    let message = message.unwrap_or_default();
    Ok(PredictionFilter {
        model: message.model,
        version: message.version,
        label: message.label,
        minimum_score: message.minimum_score,
        maximum_score: message.maximum_score,
        image_sha256: message
            .image_sha256
            .map(|text| parse("filter/image_sha256", &text))
            .transpose()?,
        from_time: timestamp("filter/from_time", message.from_time)?,
        until_time: timestamp("filter/until_time", message.until_time)?,
        image_id: message
            .image_id
            .map(|text| parse("filter/image_id", &text))
            .transpose()?,
        reviewed: message.reviewed,
    })
}

fn classification(output: inference::Classification) -> Classification {
    Classification {
        label: output.label,
        score: output.score,
        scores: output
            .scores
            .into_iter()
            .map(|entry| LabelScore {
                label: entry.label,
                score: entry.score,
            })
            .collect(),
        positive_score: output.positive_score,
    }
}

/// The first whole microsecond that is not before the message's time, so that both ends of a range of
/// nanoseconds keep their meaning.
fn timestamp(
    field: &str,
    message: Option<prost_types::Timestamp>,
) -> Result<Option<Timestamp>, HistoryError> {
    let Some(message) = message else {
        return Ok(None);
    };
    Timestamp::new(message.seconds, message.nanos)
        .and_then(|time| {
            time.round(
                TimestampRound::new()
                    .smallest(Unit::Microsecond)
                    .mode(RoundMode::Ceil),
            )
        })
        .map(Some)
        .map_err(|error| HistoryError::field(field, error.to_string()))
}

fn parse<T>(field: &str, text: &str) -> Result<T, HistoryError>
where
    T: FromStr<Err: std::fmt::Display>,
{
    text.parse()
        .map_err(|error: T::Err| HistoryError::field(field, error.to_string()))
}

/// Empty for none.
fn optional<T>(field: &str, text: &str) -> Result<Option<T>, HistoryError>
where
    T: FromStr<Err: std::fmt::Display>,
{
    if text.is_empty() {
        return Ok(None);
    }
    parse(field, text).map(Some)
}

fn missing(field: &str) -> HistoryError {
    HistoryError::field(field, "must be set")
}
