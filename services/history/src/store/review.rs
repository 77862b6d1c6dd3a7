//! Between a [`Review`] and the columns of its row.

use jiff::Timestamp;
use pupila_core::{ReviewId, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::row::Cause;
use crate::{Prediction, Review, Verdict};

/// Brings each prediction's latest review, where it has one, into a `SELECT` from `predictions`.
pub(super) const LATEST: &str = " LEFT JOIN reviews AS latest ON latest.prediction_id = predictions.id \
     AND latest.ordinal = (SELECT MAX(ordinal) FROM reviews WHERE prediction_id = predictions.id)";

/// Holds the prediction, so that its reviews are appended one after the other.
const HOLD: &str = "SELECT id FROM predictions WHERE id = ?";

const COUNT: &str =
    "SELECT COALESCE(MAX(ordinal), 0) AS reviews FROM reviews WHERE prediction_id = ?";

const INSERT: &str = "INSERT INTO reviews (id, prediction_id, ordinal, reviewer, create_time, \
     prediction_time, verdict, label, comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Appends a review to those of its prediction, in a transaction. `false` where the prediction is gone.
pub(super) async fn append<DB: Dialect>(
    transaction: &mut DB::Connection,
    prediction: &Prediction,
    review: &Review,
) -> Result<bool, DatabaseError> {
    let hold = Statement::<DB>::new(HOLD)
        .bind(prediction.id.as_uuid())
        .locking();
    if hold.fetch_optional(transaction).await?.is_none() {
        return Ok(false);
    }
    let count = Statement::<DB>::new(COUNT).bind(prediction.id.as_uuid());
    let counted = count.fetch_optional(transaction).await?;
    let before: i64 = counted.map_or(Ok(0), |row| row.get("reviews"))?;
    Statement::<DB>::new(INSERT)
        .bind(review.id.as_uuid())
        .bind(prediction.id.as_uuid())
        .bind(before + 1)
        .bind(review.reviewer.as_uuid())
        .bind(review.create_time.as_microsecond())
        .bind(prediction.create_time.as_microsecond())
        .bind(review.verdict.as_str().to_owned())
        .bind(review.label.clone())
        .bind(review.comment.clone())
        .execute(transaction)
        .await?;
    Ok(true)
}

/// The review that a row of a prediction holds; `None` where nobody reviewed it.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Option<Review>, Cause> {
    let Some(id) = row.get::<Option<Uuid>>("review_id")? else {
        return Ok(None);
    };
    let verdict: String = row.get("verdict")?;
    Ok(Some(Review {
        id: ReviewId::from_uuid(id),
        create_time: Timestamp::from_microsecond(row.get("review_time")?)?,
        reviewer: UserId::from_uuid(row.get("reviewer")?),
        verdict: Verdict::from_name(&verdict).ok_or("verdict")?,
        label: row.get("review_label")?,
        comment: row.get("comment")?,
    }))
}
