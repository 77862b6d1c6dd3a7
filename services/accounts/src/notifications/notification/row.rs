//! The table `notifications`.

use jiff::Timestamp;
use pupila_core::{Cursor, JobId, NotificationId, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::{Failure, JobEnded, Notification};
use crate::sql::{BATCH, broken, newest_first, time};

const COLUMNS: &str = "SELECT id, create_time, unread, job_id, job_name, job_state, \
     succeeded, failed, total, seconds, failure_reason, failure_detail FROM notifications";

const INSERT: &str = "INSERT INTO notifications (id, create_time, unread, job_id, job_name, job_state, \
     succeeded, failed, total, seconds, failure_reason, failure_detail, user_id, event_key) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Stores what a user who is held was told of the event that `key` stands for; a clash where they were told before.
pub(crate) async fn insert<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    key: &str,
    notification: &Notification,
) -> Result<(), DatabaseError> {
    let job = &notification.job;
    let mut insert = Statement::<DB>::new(INSERT)
        .bind(notification.id.as_uuid())
        .bind(notification.create_time.as_microsecond())
        .bind(notification.unread)
        .bind(job.id.as_uuid())
        .bind(job.name.clone())
        .bind(job.state.as_str().to_owned());
    for number in [job.succeeded, job.failed, job.total, job.seconds] {
        insert = insert.bind(number.cast_signed());
    }
    let failure = job.failure.as_ref();
    insert
        .bind(failure.map(|failure| failure.reason.clone()))
        .bind(failure.map(|failure| failure.detail.clone()))
        .bind(user.as_uuid())
        .bind(key.to_owned())
        .execute(transaction)
        .await
}

/// Whether a user was told of that event.
pub(crate) async fn is_told<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    key: &str,
) -> Result<bool, DatabaseError> {
    let row = Statement::<DB>::new("SELECT id FROM notifications")
        .push(" WHERE user_id = ? AND event_key = ?")
        .bind(user.as_uuid())
        .bind(key.to_owned())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// A page of what a user was told, the newest first.
pub(super) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    unread_only: bool,
    page: Page,
) -> Result<Vec<Notification>, DatabaseError> {
    let select = listed(Statement::<DB>::new(""), user, unread_only, page);
    let rows = select.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Adds to the beginning of a statement which page it reads.
pub(crate) fn listed<DB: Dialect>(
    beginning: Statement<DB>,
    user: UserId,
    unread_only: bool,
    page: Page,
) -> Statement<DB> {
    let index = if unread_only {
        "notifications_by_unread"
    } else {
        "notifications_by_user"
    };
    let select = beginning
        .push(COLUMNS)
        .through_index(index)
        .push(" WHERE user_id = ?")
        .bind(user.as_uuid())
        .push_some(" AND unread = ?", unread_only.then_some(true));
    newest_first(select, page)
}

/// How much a user did not read.
pub(super) async fn unread<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<u64, DatabaseError> {
    let row = count_unread(Statement::<DB>::new(""), user)
        .fetch_optional(connection)
        .await?;
    let count = row.map_or(Ok(0), |row| row.get::<i64>("unread_count"))?;
    Ok(count.unsigned_abs())
}

/// Adds to the beginning of a statement whose unread notifications it counts.
pub(crate) fn count_unread<DB: Dialect>(beginning: Statement<DB>, user: UserId) -> Statement<DB> {
    beginning
        .push("SELECT COUNT(*) AS unread_count FROM notifications")
        .through_index("notifications_by_unread")
        .push(" WHERE user_id = ? AND unread = ?")
        .bind(user.as_uuid())
        .bind(true)
}

/// What a user was told, by its id.
pub(super) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    id: NotificationId,
) -> Result<Option<Notification>, DatabaseError> {
    let row = Statement::<DB>::new(COLUMNS)
        .push(" WHERE id = ? AND user_id = ?")
        .bind(id.as_uuid())
        .bind(user.as_uuid())
        .fetch_optional(connection)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// Marks as read what a user who is held was told, up to and including the one at `last`, or all.
pub(super) async fn mark_read<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    last: Option<Cursor>,
) -> Result<(), DatabaseError> {
    let update = Statement::<DB>::new("UPDATE notifications SET unread = ?")
        .bind(false)
        .push(" WHERE user_id = ? AND unread = ?")
        .bind(user.as_uuid())
        .bind(true);
    let update = match last {
        Some(Cursor { key, id }) => update
            .push(" AND create_time <= ? AND (create_time < ? OR id <= ?)")
            .bind(key)
            .bind(key)
            .bind(id),
        None => update,
    };
    update.execute(transaction).await
}

/// Deletes what a user who is held was told before the newest `most`. They are told of one event at a time, so that
/// there is little to delete.
pub(crate) async fn delete_beyond<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    most: i64,
) -> Result<(), DatabaseError> {
    let rows = Statement::<DB>::new("SELECT id FROM notifications")
        .through_index("notifications_by_user")
        .push(" WHERE user_id = ? ORDER BY create_time DESC, id DESC LIMIT ? OFFSET ?")
        .bind(user.as_uuid())
        .bind(BATCH)
        .bind(most)
        .fetch_all(transaction)
        .await?;
    for row in &rows {
        delete::<DB>(transaction, row.get("id")?).await?;
    }
    Ok(())
}

/// Deletes what users were told before a time. Each row by its key, so that nobody waits for a range of them.
pub(super) async fn delete_before<DB: Dialect>(
    connection: &mut DB::Connection,
    time: Timestamp,
) -> Result<(), DatabaseError> {
    loop {
        let select = old(Statement::<DB>::new(""), time);
        let rows = select.fetch_all(connection).await?;
        for row in &rows {
            delete::<DB>(connection, row.get("id")?).await?;
        }
        if (rows.len() as i64) < BATCH {
            return Ok(());
        }
    }
}

/// Adds to the beginning of a statement that it reads some of what users were told before a time.
pub(crate) fn old<DB: Dialect>(beginning: Statement<DB>, time: Timestamp) -> Statement<DB> {
    beginning
        .push("SELECT id FROM notifications")
        .through_index("notifications_by_time")
        .push(" WHERE create_time < ? LIMIT ?")
        .bind(time.as_microsecond())
        .bind(BATCH)
}

/// Deletes all that a user was told.
pub(crate) async fn delete_all<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM notifications WHERE user_id = ?")
        .bind(user.as_uuid())
        .execute(transaction)
        .await
}

async fn delete<DB: Dialect>(
    connection: &mut DB::Connection,
    id: Uuid,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM notifications WHERE id = ?")
        .bind(id)
        .execute(connection)
        .await
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Notification, DatabaseError> {
    let number = |column| row.get::<i64>(column).map(i64::cast_unsigned);
    Ok(Notification {
        id: NotificationId::from_uuid(row.get("id")?),
        create_time: time(row, "create_time")?,
        unread: row.get("unread")?,
        job: JobEnded {
            id: JobId::from_uuid(row.get("job_id")?),
            name: row.get("job_name")?,
            state: row.get::<String>("job_state")?.parse().map_err(broken)?,
            succeeded: number("succeeded")?,
            failed: number("failed")?,
            total: number("total")?,
            seconds: number("seconds")?,
            failure: failure(row)?,
        },
    })
}

fn failure<DB: Dialect>(row: &Row<DB>) -> Result<Option<Failure>, DatabaseError> {
    let reason = row.get::<Option<String>>("failure_reason")?;
    let detail = row.get::<Option<String>>("failure_detail")?;
    let detail = detail.unwrap_or_default();
    Ok(reason.map(|reason| Failure { reason, detail }))
}
