//! Which rows a filter means, and the index that leads to them.

use pupila_core::{Cursor, ImageId, Page, UserId};
use pupila_db::{Dialect, Statement};

use crate::{filter::ImageFilter, image::Purpose};

const BY_OWNER: &str = "images_by_owner";
const BY_FORMAT: &str = "images_by_owner_format";

/// Adds to a `SELECT … FROM images` which page of an owner's library it reads.
pub(super) fn page<DB: Dialect>(
    select: Statement<DB>,
    owner: UserId,
    filter: &ImageFilter,
    page: Page,
) -> Statement<DB> {
    let select = select
        .through_index(index(filter))
        .push(" WHERE owner = ? AND purpose = ?")
        .bind(owner.as_uuid())
        .bind(Purpose::Library.as_str().to_owned());
    // One more than the page shows whether there is a next one.
    newest_first(matching(select, filter), page.after(), page.size() + 1)
}

/// Adds to a `SELECT … FROM images` that it reads those of the images that pass the filter.
pub(super) fn batch<DB: Dialect>(
    select: Statement<DB>,
    ids: &[ImageId],
    filter: &ImageFilter,
) -> Statement<DB> {
    let select = select.push_list(" WHERE id IN", ids.iter().map(ImageId::as_uuid));
    matching(select, filter)
}

/// The index that leads to a page in its order. Chosen here, because a planner that finds most rows to be one owner's
/// reads and sorts them all.
fn index(filter: &ImageFilter) -> &'static str {
    match filter.format {
        Some(_) => BY_FORMAT,
        None => BY_OWNER,
    }
}

/// Adds the condition that a row passes the filter.
fn matching<DB: Dialect>(statement: Statement<DB>, filter: &ImageFilter) -> Statement<DB> {
    let statement = statement
        .push_some(
            " AND format = ?",
            filter.format.map(|format| format.name().to_owned()),
        )
        .push_some(
            " AND create_time >= ?",
            filter.from_time.map(|time| time.as_microsecond()),
        )
        .push_some(
            " AND create_time < ?",
            filter.until_time.map(|time| time.as_microsecond()),
        );
    filter.words().iter().fold(statement, |statement, word| {
        statement
            .push(" AND search_text LIKE ? ESCAPE '!'")
            .bind(pattern(word))
    })
}

/// What a text that contains the word is like.
fn pattern(word: &str) -> String {
    let mut pattern = "%".to_owned();
    for letter in word.chars() {
        if "!%_".contains(letter) {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
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
