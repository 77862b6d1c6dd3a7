//! The table `erasures`.

use jiff::Timestamp;
use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect, Statement};

use super::Claim;
use crate::sql::time;

/// Writes that a user is to be erased.
pub(crate) async fn request<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("INSERT INTO erasures")
        .push(" (user_id, create_time, attempts, next_time) VALUES (?, ?, 0, ?)")
        .bind(user.as_uuid())
        .bind(now.as_microsecond())
        .bind(now.as_microsecond())
        .execute(transaction)
        .await
}

/// Takes one whose turn it is, which no other gets before `lease`.
pub(super) async fn claim<DB: Dialect>(
    connection: &mut DB::Connection,
    now: Timestamp,
    lease: Timestamp,
) -> Result<Option<Claim>, DatabaseError> {
    loop {
        let row = Statement::<DB>::new("SELECT user_id, attempts, next_time FROM erasures")
            .push(" WHERE next_time <= ? ORDER BY next_time, user_id LIMIT 1")
            .bind(now.as_microsecond())
            .fetch_optional(connection)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let user = UserId::from_uuid(row.get("user_id")?);
        let attempts = row.get::<i64>("attempts")? + 1;
        let claimed = Statement::<DB>::new("UPDATE erasures SET attempts = ?, next_time = ?")
            .bind(attempts)
            .bind(lease.as_microsecond())
            .push(" WHERE user_id = ? AND attempts = ? AND next_time = ?")
            .bind(user.as_uuid())
            .bind(attempts - 1)
            .bind(time(&row, "next_time")?.as_microsecond())
            .rows_affected(connection)
            .await?;
        if claimed == 1 {
            return Ok(Some(Claim { user, attempts }));
        }
    }
}

/// When it is the next one's turn.
pub(super) async fn next_time<DB: Dialect>(
    connection: &mut DB::Connection,
) -> Result<Option<Timestamp>, DatabaseError> {
    let select = "SELECT next_time FROM erasures ORDER BY next_time, user_id LIMIT 1";
    let row = Statement::<DB>::new(select)
        .fetch_optional(connection)
        .await?;
    row.map(|row| time(&row, "next_time")).transpose()
}

/// The statement that writes when to try again.
pub(super) fn postpone<DB: Dialect>(user: UserId, next: Timestamp) -> Statement<DB> {
    Statement::new("UPDATE erasures SET next_time = ? WHERE user_id = ?")
        .bind(next.as_microsecond())
        .bind(user.as_uuid())
}

/// The statement that writes that nothing is left to do.
pub(super) fn delete<DB: Dialect>(user: UserId) -> Statement<DB> {
    Statement::new("DELETE FROM erasures WHERE user_id = ?").bind(user.as_uuid())
}
