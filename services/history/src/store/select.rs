//! Which rows a filter means.

use pupila_core::{Cursor, Page, UserId};
use pupila_db::{Dialect, Statement};

use super::{path::Path, review::LATEST};
use crate::PredictionFilter;

/// Adds to a `SELECT` of [`COLUMNS`](super::row::COLUMNS) which page of the caller's predictions it reads.
pub(super) fn page<DB: Dialect>(
    select: Statement<DB>,
    caller: UserId,
    filter: &PredictionFilter,
    page: Page,
) -> Statement<DB> {
    let path = Path::to(filter);
    let select = select
        .push(path.from)
        .through_index(path.index)
        .push(path.join)
        .push(LATEST)
        .push(path.of_caller)
        .bind(caller.as_uuid());
    let select = match page.after() {
        Some(Cursor { key, id }) => select.push(path.after).bind(key).bind(key).bind(id),
        None => select,
    };
    matching(select, filter)
        .push(path.newest_first)
        // One more than the page shows whether there is a next one.
        .bind(i64::from(page.size() + 1))
}

/// Adds the condition that a row passes the filter.
pub(super) fn matching<DB: Dialect>(
    statement: Statement<DB>,
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
        image_id,
        reviewed,
    } = filter;
    let statement = statement
        .push_some(" AND model = ?", model.clone())
        .push_some(" AND version = ?", version.map(i64::from))
        .push_some(" AND predictions.label = ?", label.clone())
        .push_some(" AND score >= ?", *minimum_score)
        .push_some(" AND score <= ?", *maximum_score)
        .push_some(
            " AND image_sha256 = ?",
            image_sha256.map(|digest| digest.as_bytes().to_vec()),
        )
        .push_some(" AND image_id = ?", image_id.map(|id| id.as_uuid()))
        .push_some(
            " AND predictions.create_time >= ?",
            from_time.map(|time| time.as_microsecond()),
        )
        .push_some(
            " AND predictions.create_time < ?",
            until_time.map(|time| time.as_microsecond()),
        );
    match reviewed {
        Some(true) => statement.push(" AND latest.id IS NOT NULL"),
        Some(false) => statement.push(" AND latest.id IS NULL"),
        None => statement,
    }
}
