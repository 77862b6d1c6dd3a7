//! The table `notification_settings`.

use pupila_core::{Revision, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::Settings;
use crate::sql::broken;

const SELECT: &str = "SELECT email, email_stopped, push, webhook, in_app, only_failures, \
     minimum_seconds, revision FROM notification_settings WHERE user_id = ?";

/// Both statements take the same values in the same order.
const UPDATE: &str = "UPDATE notification_settings SET email = ?, email_stopped = ?, push = ?, \
     webhook = ?, in_app = ?, only_failures = ?, minimum_seconds = ?, revision = ? WHERE user_id = ?";
const INSERT: &str = "INSERT INTO notification_settings \
     (email, email_stopped, push, webhook, in_app, only_failures, minimum_seconds, revision, user_id) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The settings of a user; the first ones where they have never said.
pub(crate) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<Settings, DatabaseError> {
    let select = Statement::<DB>::new(SELECT).bind(user.as_uuid());
    let row = select.fetch_optional(connection).await?;
    row.map_or_else(|| Ok(Settings::default()), |row| read(&row))
}

/// As [`find`], and nobody else changes them until the transaction ends.
pub(super) async fn hold<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<Settings, DatabaseError> {
    let select = Statement::<DB>::new(SELECT).bind(user.as_uuid());
    let row = select.locking().fetch_optional(transaction).await?;
    row.map_or_else(|| Ok(Settings::default()), |row| read(&row))
}

/// Writes settings that are held.
pub(super) async fn write<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    settings: &Settings,
) -> Result<(), DatabaseError> {
    let updated = bound::<DB>(UPDATE, user, settings)
        .rows_affected(transaction)
        .await?;
    if updated == 0 {
        bound::<DB>(INSERT, user, settings)
            .execute(transaction)
            .await?;
    }
    Ok(())
}

fn bound<DB: Dialect>(sql: &'static str, user: UserId, settings: &Settings) -> Statement<DB> {
    Statement::new(sql)
        .bind(settings.email)
        .bind(settings.email_stopped)
        .bind(settings.push)
        .bind(settings.webhook)
        .bind(settings.in_app)
        .bind(settings.only_failures)
        .bind(i64::from(settings.minimum_seconds))
        .bind(settings.revision.get())
        .bind(user.as_uuid())
}

/// Ends the e-mails to a user, who gets none at first: without a row there is nothing to end.
pub(crate) async fn end_emails<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("UPDATE notification_settings SET email = ?, revision = revision + 1")
        .bind(false)
        .push(" WHERE user_id = ? AND email = ?")
        .bind(user.as_uuid())
        .bind(true)
        .execute(connection)
        .await
}

/// Ends the e-mails to a user for good. Whoever was sent one once has a row, as long as there is the user.
pub(crate) async fn stop_emails<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    let stop =
        "UPDATE notification_settings SET email = ?, email_stopped = ?, revision = revision + 1";
    Statement::<DB>::new(stop)
        .bind(false)
        .bind(true)
        .push(" WHERE user_id = ? AND email_stopped = ?")
        .bind(user.as_uuid())
        .bind(false)
        .execute(connection)
        .await
}

/// Deletes the settings of a user.
pub(crate) async fn delete<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM notification_settings WHERE user_id = ?")
        .bind(user.as_uuid())
        .execute(transaction)
        .await
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Settings, DatabaseError> {
    let seconds: i64 = row.get("minimum_seconds")?;
    Ok(Settings {
        email: row.get("email")?,
        email_stopped: row.get("email_stopped")?,
        push: row.get("push")?,
        webhook: row.get("webhook")?,
        in_app: row.get("in_app")?,
        only_failures: row.get("only_failures")?,
        minimum_seconds: seconds.try_into().map_err(broken)?,
        revision: Revision::new(row.get("revision")?),
    })
}
