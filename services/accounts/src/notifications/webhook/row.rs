//! The table `webhooks`.

use pupila_core::{UserId, WebhookId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::Webhook;
use crate::sql::time;

const COLUMNS: &str = "SELECT id, url, secret, create_time FROM webhooks";

const INSERT: &str =
    "INSERT INTO webhooks (id, user_id, url, secret, create_time) VALUES (?, ?, ?, ?, ?)";

/// Stores a webhook of a user who is held.
pub(super) async fn insert<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    webhook: &Webhook,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new(INSERT)
        .bind(webhook.id.as_uuid())
        .bind(user.as_uuid())
        .bind(webhook.url.clone())
        .bind(webhook.secret.clone())
        .bind(webhook.create_time.as_microsecond())
        .execute(transaction)
        .await
}

/// The webhooks of a user, the oldest first.
pub(crate) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<Vec<Webhook>, DatabaseError> {
    let rows = of_user::<DB>(user).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// The statement that reads the webhooks of a user.
pub(crate) fn of_user<DB: Dialect>(user: UserId) -> Statement<DB> {
    Statement::new(COLUMNS)
        .through_index("webhooks_by_user")
        .push(" WHERE user_id = ? ORDER BY create_time, id")
        .bind(user.as_uuid())
}

/// A webhook of a user.
pub(crate) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    id: WebhookId,
) -> Result<Option<Webhook>, DatabaseError> {
    let row = Statement::<DB>::new(COLUMNS)
        .push(" WHERE id = ? AND user_id = ?")
        .bind(id.as_uuid())
        .bind(user.as_uuid())
        .fetch_optional(connection)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// Ends a webhook of a user; false where there is none.
pub(crate) async fn delete<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    id: WebhookId,
) -> Result<bool, DatabaseError> {
    let deleted = Statement::<DB>::new("DELETE FROM webhooks WHERE id = ? AND user_id = ?")
        .bind(id.as_uuid())
        .bind(user.as_uuid())
        .rows_affected(transaction)
        .await?;
    Ok(deleted == 1)
}

/// Ends all webhooks of a user.
pub(crate) async fn delete_all<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM webhooks WHERE user_id = ?")
        .bind(user.as_uuid())
        .execute(transaction)
        .await
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Webhook, DatabaseError> {
    Ok(Webhook {
        id: WebhookId::from_uuid(row.get("id")?),
        url: row.get("url")?,
        secret: row.get("secret")?,
        create_time: time(row, "create_time")?,
    })
}
