//! Between a [`Prediction`] and the columns of its row.

use std::error::Error;

use jiff::Timestamp;
use pupila_core::{Digest, PredictionId, RequestId, UserId};
use pupila_db::{Dialect, Row, Statement};
use uuid::Uuid;

use crate::{
    Classification, HistoryError, ImageFacts, ModelFacts, NewPrediction, Prediction, StageTimes,
};

type Cause = Box<dyn Error + Send + Sync>;

/// Reads whole predictions; what is pushed after it says from where.
pub(super) const SELECT: &str = "SELECT id, caller, create_time, request_id, filename, \
     image_sha256, image_format, image_width, image_height, \
     model, version, model_sha256, parameters, label, score, positive_score, scores, \
     queue_us, decode_us, preprocess_us, infer_us FROM predictions";

const INSERT: &str = "INSERT INTO predictions (id, caller, create_time, request_id, filename, \
     image_sha256, image_format, image_width, image_height, \
     model, version, model_sha256, parameters, label, score, positive_score, scores, \
     queue_us, decode_us, preprocess_us, infer_us) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The statement that stores a prediction.
pub(super) fn insert<DB: Dialect>(prediction: &Prediction) -> Result<Statement<DB>, HistoryError> {
    try_insert(prediction).map_err(|cause| HistoryError::Encoding(prediction.id, cause))
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
        caller,
        content,
    } = prediction;
    let NewPrediction {
        request_id,
        filename,
        image,
        model,
        parameters,
        output,
        stage_times,
    } = content;
    Ok(Statement::new(INSERT)
        .bind(id.as_uuid())
        .bind(caller.as_uuid())
        .bind(create_time.as_microsecond())
        .bind(request_id.as_str().to_owned())
        .bind(filename.clone())
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
        .bind(i64::try_from(stage_times.infer_us)?))
}

fn try_read<DB: Dialect>(id: PredictionId, row: &Row<DB>) -> Result<Prediction, Cause> {
    let text = |column| row.get::<String>(column);
    let number = |column| row.get::<i64>(column);
    let digest = |column| Ok::<_, Cause>(Digest::from_slice(&row.get::<Vec<u8>>(column)?)?);
    let content = NewPrediction {
        request_id: RequestId::accept(&text("request_id")?).ok_or("request_id")?,
        filename: text("filename")?,
        image: ImageFacts {
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
    };
    Ok(Prediction {
        id,
        create_time: Timestamp::from_microsecond(number("create_time")?)?,
        caller: UserId::from_uuid(row.get::<Uuid>("caller")?),
        content,
    })
}
