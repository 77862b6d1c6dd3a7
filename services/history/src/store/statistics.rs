//! Counts, made by the database.

use jiff::{Timestamp, tz::Offset};
use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::{
    path::{BY_CALLER, image_index},
    review::LATEST,
    select,
};
use crate::{DayCount, HistoryError, LabelCount, ModelCount, PredictionFilter, Statistics};

const MODELS: &str = "SELECT model, version, COUNT(*) AS predictions, \
     AVG(CAST(infer_us AS DOUBLE)) AS mean_infer_us FROM predictions";
const PER_MODEL: &str = " GROUP BY model, version ORDER BY model, version";

const LABELS: &str = "SELECT model, predictions.label, COUNT(*) AS predictions, \
     AVG(score) AS mean_score FROM predictions";
const PER_LABEL: &str = " GROUP BY model, predictions.label ORDER BY model, predictions.label";

/// A day is named by its first microsecond: every engine can divide, none formats a date as the others do.
const DAYS: &str = "SELECT predictions.create_time - predictions.create_time % 86400000000 AS day_start, \
     COUNT(*) AS predictions FROM predictions";
const PER_DAY: &str = " GROUP BY day_start ORDER BY day_start";

/// Counts what the filter means, in a transaction of which all statements see the same rows.
pub(super) async fn count<DB: Dialect>(
    snapshot: &mut DB::Connection,
    caller: UserId,
    filter: &PredictionFilter,
) -> Result<Statistics, HistoryError> {
    let counting = |what, per| {
        // All that is counted stands in the caller's index, so no row is read but those of one image.
        let index = image_index(filter).unwrap_or(BY_CALLER);
        let mut statement = Statement::<DB>::new(what).through_index(index);
        if filter.reviewed.is_some() {
            statement = statement.push(LATEST);
        }
        let statement = statement
            .push(" WHERE predictions.caller = ?")
            .bind(caller.as_uuid());
        select::matching(statement, filter).push(per)
    };
    let models = counting(MODELS, PER_MODEL).fetch_all(snapshot).await?;
    let labels = counting(LABELS, PER_LABEL).fetch_all(snapshot).await?;
    let days = counting(DAYS, PER_DAY).fetch_all(snapshot).await?;
    Ok(Statistics {
        models: models.iter().map(model).collect::<Result<_, _>>()?,
        labels: labels.iter().map(label).collect::<Result<_, _>>()?,
        days: days.iter().map(day).collect::<Result<_, _>>()?,
    })
}

fn model<DB: Dialect>(row: &Row<DB>) -> Result<ModelCount, DatabaseError> {
    Ok(ModelCount {
        model: row.get("model")?,
        // Written from a u32.
        version: row.get::<i64>("version")?.try_into().unwrap_or(u32::MAX),
        count: predictions(row)?,
        mean_infer_us: row.get("mean_infer_us")?,
    })
}

fn label<DB: Dialect>(row: &Row<DB>) -> Result<LabelCount, DatabaseError> {
    Ok(LabelCount {
        model: row.get("model")?,
        label: row.get("label")?,
        count: predictions(row)?,
        mean_score: row.get("mean_score")?,
    })
}

fn day<DB: Dialect>(row: &Row<DB>) -> Result<DayCount, DatabaseError> {
    // The start of a day that a timestamp was stored of.
    let start = Timestamp::from_microsecond(row.get("day_start")?).unwrap_or_default();
    Ok(DayCount {
        date: Offset::UTC.to_datetime(start).date(),
        count: predictions(row)?,
    })
}

fn predictions<DB: Dialect>(row: &Row<DB>) -> Result<u64, DatabaseError> {
    // A count is not negative.
    Ok(row.get::<i64>("predictions")?.unsigned_abs())
}
