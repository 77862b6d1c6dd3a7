//! The label that each prediction of a stored image counts under: a row of its own, written with the prediction and
//! rewritten with each review, in the same transaction. So predictions and reviews never change, and images are found by
//! their label along one index.

use std::collections::HashSet;

use pupila_core::{Cursor, ImageId, Listing, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use crate::Prediction;

const INSERT: &str = "INSERT INTO image_labels (prediction_id, caller, create_time, image_id, label) \
     VALUES (?, ?, ?, ?, ?)";

const RELABEL: &str = "UPDATE image_labels SET label = ? WHERE prediction_id = ?";

/// Reads images with their labels; what is pushed after it says which.
pub(super) const SELECT: &str = "SELECT image_id, create_time, prediction_id FROM image_labels";
const BY_LABEL: &str = "image_labels_by_caller_label";

/// The statement that puts a prediction's image under the predicted label; `None` where no image is stored.
pub(super) fn insert<DB: Dialect>(prediction: &Prediction) -> Option<Statement<DB>> {
    let image = prediction.content.image.id?;
    let insert = Statement::new(INSERT)
        .bind(prediction.id.as_uuid())
        .bind(prediction.caller.as_uuid())
        .bind(prediction.create_time.as_microsecond())
        .bind(image.as_uuid())
        .bind(prediction.content.output.label.clone());
    Some(insert)
}

/// The statement that puts a prediction's image, if one is stored, under another label.
pub(super) fn relabel<DB: Dialect>(prediction: &Prediction, label: &str) -> Statement<DB> {
    Statement::new(RELABEL)
        .bind(label.to_owned())
        .bind(prediction.id.as_uuid())
}

/// Adds to [`SELECT`] which page of the caller's predictions it reads, and one more, which shows whether there is a
/// next page.
pub(super) fn page<DB: Dialect>(
    select: Statement<DB>,
    caller: UserId,
    label: &str,
    page: Page,
) -> Statement<DB> {
    let select = select
        .through_index(BY_LABEL)
        .push(" WHERE caller = ? AND label = ?")
        .bind(caller.as_uuid())
        .bind(label.to_owned());
    let select = match page.after() {
        Some(Cursor { key, id }) => select
            .push(" AND create_time <= ? AND (create_time < ? OR prediction_id < ?)")
            .bind(key)
            .bind(key)
            .bind(id),
        None => select,
    };
    select
        .push(" ORDER BY create_time DESC, prediction_id DESC LIMIT ?")
        .bind(i64::from(page.size() + 1))
}

/// The images of such a page, each once.
pub(super) fn read<DB: Dialect>(
    rows: &[Row<DB>],
    page: Page,
) -> Result<Listing<ImageId>, DatabaseError> {
    let entries = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let listing = page.cut(entries, |(_, cursor)| *cursor);
    let mut seen = HashSet::new();
    let images = listing.items.into_iter().map(|(image, _)| image);
    Ok(Listing {
        items: images.filter(|image| seen.insert(*image)).collect(),
        next: listing.next,
    })
}

fn entry<DB: Dialect>(row: &Row<DB>) -> Result<(ImageId, Cursor), DatabaseError> {
    let cursor = Cursor {
        key: row.get("create_time")?,
        id: row.get("prediction_id")?,
    };
    Ok((ImageId::from_uuid(row.get("image_id")?), cursor))
}
