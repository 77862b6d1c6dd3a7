//! Which rows a filter means, and the index that leads to them.

use pupila_core::{Cursor, Page, UserId};
use pupila_db::{Dialect, Statement};

use crate::PredictionFilter;

/// Every prediction of a caller. Holds all that statistics count.
pub(super) const BY_CALLER: &str = "predictions_by_caller";
const BY_MODEL: &str = "predictions_by_caller_model";
const BY_LABEL: &str = "predictions_by_caller_label";
const BY_IMAGE: &str = "predictions_by_caller_image";

/// Adds to a `SELECT … FROM predictions` which page of the caller's predictions it reads.
pub(super) fn page<DB: Dialect>(
    select: Statement<DB>,
    caller: UserId,
    filter: &PredictionFilter,
    page: Page,
) -> Statement<DB> {
    let select = matching(select.through_index(index(filter)), caller, filter);
    // One more than the page shows whether there is a next one.
    newest_first(select, page.after(), page.size() + 1)
}

/// The index that leads to a page of the filter's predictions in their order. Chosen here, because a planner that
/// finds most rows to be one caller's reads and sorts them all. One image has few predictions, one label fewer
/// than its model.
pub(super) fn index(filter: &PredictionFilter) -> &'static str {
    match filter {
        PredictionFilter {
            image_sha256: Some(_),
            ..
        } => BY_IMAGE,
        PredictionFilter { label: Some(_), .. } => BY_LABEL,
        PredictionFilter { model: Some(_), .. } => BY_MODEL,
        _ => BY_CALLER,
    }
}

/// Adds the condition that a row is the caller's and passes the filter.
pub(super) fn matching<DB: Dialect>(
    statement: Statement<DB>,
    caller: UserId,
    filter: &PredictionFilter,
) -> Statement<DB> {
    let PredictionFilter {
        model,
        version,
        label,
        minimum_score,
        maximum_score,
        image_sha256,
        from_time,
        until_time,
    } = filter;
    statement
        .push(" WHERE caller = ?")
        .bind(caller.as_uuid())
        .push_some(" AND model = ?", model.clone())
        .push_some(" AND version = ?", version.map(i64::from))
        .push_some(" AND label = ?", label.clone())
        .push_some(" AND score >= ?", *minimum_score)
        .push_some(" AND score <= ?", *maximum_score)
        .push_some(
            " AND image_sha256 = ?",
            image_sha256.map(|digest| digest.as_bytes().to_vec()),
        )
        .push_some(
            " AND create_time >= ?",
            from_time.map(|time| time.as_microsecond()),
        )
        .push_some(
            " AND create_time < ?",
            until_time.map(|time| time.as_microsecond()),
        )
}

/// Adds the order of a list, and that it starts after `last`.
fn newest_first<DB: Dialect>(
    statement: Statement<DB>,
    last: Option<Cursor>,
    limit: u32,
) -> Statement<DB> {
    let statement = match last {
        // The first condition gives the index its range, the second breaks ties. MariaDB narrows no range by
        // `(create_time, id) < (?, ?)`.
        Some(Cursor { key, id }) => statement
            .push(" AND create_time <= ? AND (create_time < ? OR id < ?)")
            .bind(key)
            .bind(key)
            .bind(id),
        None => statement,
    };
    statement
        .push(" ORDER BY create_time DESC, id DESC LIMIT ?")
        .bind(i64::from(limit))
}
