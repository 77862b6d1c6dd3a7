//! Between a [`Prediction`] and the columns of its row.

use std::error::Error;

use jiff::Timestamp;
use pupila_core::{Digest, IdempotencyKey, ImageId, PredictionId, RequestId, UserId};
use pupila_db::{Dialect, Row, Statement};
use uuid::Uuid;

use super::{
    caller,
    review::{self, LATEST},
};
use crate::{
    Classification, HistoryError, ImageFacts, ModelFacts, NewPrediction, Prediction, StageTimes,
};

pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Reads whole predictions, each with its latest review; what is pushed after it says from where.
pub(super) const COLUMNS: &str = "SELECT predictions.id, caller, predictions.create_time, \
     request_id, filename, image_id, image_sha256, image_format, image_width, image_height, \
     model, version, model_sha256, parameters, \
     predictions.label, score, positive_score, scores, \
     queue_us, decode_us, preprocess_us, infer_us, replay_of, \
     latest.id AS review_id, latest.create_time AS review_time, latest.reviewer, \
     latest.verdict, latest.label AS review_label, latest.comment";

const INSERT: &str = "INSERT INTO predictions (id, caller, create_time, request_id, filename, \
     image_id, image_sha256, image_format, image_width, image_height, \
     model, version, model_sha256, parameters, label, score, positive_score, scores, \
     queue_us, decode_us, preprocess_us, infer_us, replay_of, idempotency_key) \
     SELECT ?, caller, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

/// A statement that reads predictions; what is pushed after it says which.
pub(super) fn select<DB: Dialect>() -> Statement<DB> {
    Statement::new(COLUMNS)
        .push(" FROM predictions")
        .push(LATEST)
}

/// The statement that stores a prediction of a caller who is known and not erased; else it stores nothing.
pub(super) fn insert<DB: Dialect>(
    prediction: &Prediction,
    key: Option<&IdempotencyKey>,
) -> Result<Statement<DB>, HistoryError> {
    let insert = try_insert(prediction);
    insert
        .map(|insert| insert.bind(key.map(|key| key.as_str().to_owned())))
        .map(|insert| caller::insert_for(insert, prediction.caller))
        .map_err(|cause| HistoryError::Encoding(prediction.id, cause))
}

/// The prediction that a row holds.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Prediction, HistoryError> {
    let id = PredictionId::from_uuid(row.get("id")?);
    try_read(id, row).map_err(|cause| HistoryError::Encoding(id, cause))
}

fn try_insert<DB: Dialect>(prediction: &Prediction) -> Result<Statement<DB>, Cause> {
    let Prediction {
        id,
        create_time,
        caller: _,
        content,
        review: _,
    } = prediction;
    let NewPrediction {
        request_id,
        filename,
        image,
        model,
        parameters,
        output,
        stage_times,
        replay_of,
    } = content;
    Ok(Statement::new(INSERT)
        .bind(id.as_uuid())
        .bind(create_time.as_microsecond())
        .bind(request_id.as_str().to_owned())
        .bind(filename.clone())
        .bind(image.id.map(|id| id.as_uuid()))
        .bind(image.sha256.as_bytes().to_vec())
        .bind(image.format.clone())
        .bind(i64::from(image.width))
        .bind(i64::from(image.height))
        .bind(model.name.clone())
        .bind(i64::from(model.version))
        .bind(model.sha256.as_bytes().to_vec())
        .bind(serde_json::to_string(parameters)?)
        .bind(output.label.clone())
        .bind(output.score)
        .bind(output.positive_score)
        .bind(serde_json::to_string(&output.scores)?)
        .bind(i64::try_from(stage_times.queue_us)?)
        .bind(i64::try_from(stage_times.decode_us)?)
        .bind(i64::try_from(stage_times.preprocess_us)?)
        .bind(i64::try_from(stage_times.infer_us)?)
        .bind(replay_of.map(|id| id.as_uuid())))
}

fn try_read<DB: Dialect>(id: PredictionId, row: &Row<DB>) -> Result<Prediction, Cause> {
    let text = |column| row.get::<String>(column);
    let number = |column| row.get::<i64>(column);
    let digest = |column| Ok::<_, Cause>(Digest::from_slice(&row.get::<Vec<u8>>(column)?)?);
    let content = NewPrediction {
        request_id: RequestId::accept(&text("request_id")?).ok_or("request_id")?,
        filename: text("filename")?,
        image: ImageFacts {
            id: row.get::<Option<Uuid>>("image_id")?.map(ImageId::from_uuid),
            sha256: digest("image_sha256")?,
            format: text("image_format")?,
            width: number("image_width")?.try_into()?,
            height: number("image_height")?.try_into()?,
        },
        model: ModelFacts {
            name: text("model")?,
            version: number("version")?.try_into()?,
            sha256: digest("model_sha256")?,
        },
        parameters: serde_json::from_str(&text("parameters")?)?,
        output: Classification {
            label: text("label")?,
            score: row.get("score")?,
            positive_score: row.get("positive_score")?,
            scores: serde_json::from_str(&text("scores")?)?,
        },
        stage_times: StageTimes {
            queue_us: number("queue_us")?.try_into()?,
            decode_us: number("decode_us")?.try_into()?,
            preprocess_us: number("preprocess_us")?.try_into()?,
            infer_us: number("infer_us")?.try_into()?,
        },
        replay_of: row
            .get::<Option<Uuid>>("replay_of")?
            .map(PredictionId::from_uuid),
    };
    Ok(Prediction {
        id,
        create_time: Timestamp::from_microsecond(number("create_time")?)?,
        caller: UserId::from_uuid(row.get("caller")?),
        content,
        review: review::read(row)?,
    })
}
