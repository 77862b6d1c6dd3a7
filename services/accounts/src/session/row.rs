//! The table `sessions`.

use jiff::Timestamp;
use pupila_core::{Digest, Page, SessionId, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Row, Statement};

use super::{NewSession, Session};
use crate::{
    notifications,
    refresh::RefreshToken,
    sql::{BATCH, digest, newest_first, time},
};

const SELECT: &str = "SELECT id, create_time, last_use_time, expire_time, user_agent, address \
     FROM sessions";

const INSERT: &str = "INSERT INTO sessions (id, user_id, family_sha256, token_sha256, \
     create_time, last_use_time, expire_time, user_agent, address) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Stores a session.
pub(crate) async fn insert<DB: Dialect>(
    transaction: &mut DB::Connection,
    new: &NewSession,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new(INSERT)
        .bind(new.session.id.as_uuid())
        .bind(new.user.as_uuid())
        .bind(new.token.family.digest().as_bytes().to_vec())
        .bind(new.token.secret.digest().as_bytes().to_vec())
        .bind(new.session.create_time.as_microsecond())
        .bind(new.session.last_use_time.as_microsecond())
        .bind(new.session.expire_time.as_microsecond())
        .bind(new.session.user_agent.clone())
        .bind(new.session.address.clone())
        .execute(transaction)
        .await
}

/// Ends the oldest session of a user who has more than `most`: of one who is held, so that there is one at most.
pub(crate) async fn delete_beyond<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    most: u32,
) -> Result<(), DatabaseError> {
    let rows = Statement::<DB>::new("SELECT id FROM sessions")
        .through_index("sessions_by_user")
        .push(" WHERE user_id = ? ORDER BY create_time DESC, id DESC LIMIT ?")
        .bind(user.as_uuid())
        .bind(i64::from(most) + 1)
        .fetch_all(transaction)
        .await?;
    match rows.get(most as usize) {
        Some(row) => {
            let oldest = SessionId::from_uuid(row.get("id")?);
            delete::<DB>(transaction, user, oldest).await.map(drop)
        }
        None => Ok(()),
    }
}

/// The sessions of a user that have not ended.
pub(super) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    page: Page,
    now: Timestamp,
) -> Result<Vec<Session>, DatabaseError> {
    let select = Statement::<DB>::new(SELECT)
        .through_index("sessions_by_user")
        .push(" WHERE user_id = ? AND expire_time > ?")
        .bind(user.as_uuid())
        .bind(now.as_microsecond());
    let rows = newest_first(select, page).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Puts `next` in the place of the refresh token `used`, if that is the newest of its session and the session has not
/// ended; false where it is not. Keeps everybody else from changing the session until the transaction ends.
pub(crate) async fn renew<DB: Dialect>(
    transaction: &mut DB::Connection,
    used: &RefreshToken,
    next: &RefreshToken,
    now: Timestamp,
    expire_time: Timestamp,
) -> Result<bool, DatabaseError> {
    let renewed = Statement::<DB>::new("UPDATE sessions SET")
        .push(" token_sha256 = ?, last_use_time = ?, expire_time = ?")
        .bind(next.secret.digest().as_bytes().to_vec())
        .bind(now.as_microsecond())
        .bind(expire_time.as_microsecond())
        .push(" WHERE id = ? AND family_sha256 = ? AND token_sha256 = ? AND expire_time > ?")
        .bind(used.session.as_uuid())
        .bind(used.family.digest().as_bytes().to_vec())
        .bind(used.secret.digest().as_bytes().to_vec())
        .bind(now.as_microsecond())
        .rows_affected(transaction)
        .await?;
    Ok(renewed == 1)
}

/// Whose session it is, and the digest of what its refresh tokens have in common; `None` where it has ended.
pub(crate) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<(UserId, Digest)>, DatabaseError> {
    let select = "SELECT user_id, family_sha256 FROM sessions WHERE id = ? AND expire_time > ?";
    let row = Statement::<DB>::new(select)
        .bind(id.as_uuid())
        .bind(now.as_microsecond())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        let user = UserId::from_uuid(row.get("user_id")?);
        Ok((user, digest(&row, "family_sha256")?))
    })
    .transpose()
}

/// Keeps a session of a user from ending until the transaction does; false where it has, or is somebody else's.
pub(super) async fn hold<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    id: SessionId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let select = "SELECT id FROM sessions WHERE id = ? AND user_id = ? AND expire_time > ?";
    let row = Statement::<DB>::new(select)
        .bind(id.as_uuid())
        .bind(user.as_uuid())
        .bind(now.as_microsecond())
        .sharing()
        .fetch_optional(transaction)
        .await?;
    Ok(row.is_some())
}

/// Ends a session of a user, and what it subscribed to; false where it has ended or is somebody else's.
pub(crate) async fn delete<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    id: SessionId,
) -> Result<bool, DatabaseError> {
    let deleted = Statement::<DB>::new("DELETE FROM sessions WHERE id = ? AND user_id = ?")
        .bind(id.as_uuid())
        .bind(user.as_uuid())
        .rows_affected(transaction)
        .await?;
    if deleted == 1 {
        notifications::forget_session::<DB>(transaction, user, id).await?;
    }
    Ok(deleted == 1)
}

/// Ends all sessions of a user, and what they subscribed to.
pub(crate) async fn delete_all<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
) -> Result<u64, DatabaseError> {
    delete_others::<DB>(transaction, user, None).await
}

/// Ends all sessions of a user but one, and what they subscribed to.
pub(crate) async fn delete_others<DB: Dialect>(
    transaction: &mut DB::Connection,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<u64, DatabaseError> {
    let ended = Statement::<DB>::new("DELETE FROM sessions WHERE user_id = ?")
        .bind(user.as_uuid())
        .push_some(" AND id <> ?", kept.map(|kept| kept.as_uuid()))
        .rows_affected(transaction)
        .await?;
    notifications::forget_other_sessions::<DB>(transaction, user, kept).await?;
    Ok(ended)
}

/// Deletes sessions that have expired, and what they subscribed to. Each row by its key, because that is how sessions are refreshed: two who lock
/// rows and indexes in different orders may come to wait for each other.
pub(crate) async fn sweep<DB: Dialect>(
    pools: &Pools<DB>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    loop {
        let select =
            "SELECT id, user_id, last_use_time FROM sessions WHERE expire_time <= ? LIMIT ?";
        let mut writer = pools.writer().await?;
        let rows = Statement::<DB>::new(select)
            .bind(now.as_microsecond())
            .bind(BATCH)
            .fetch_all(&mut writer)
            .await?;
        drop(writer);
        for row in &rows {
            let id = SessionId::from_uuid(row.get("id")?);
            let user = UserId::from_uuid(row.get("user_id")?);
            let mut transaction = pools.transaction().await?;
            let ended = Statement::<DB>::new("DELETE FROM sessions WHERE id = ?")
                .bind(id.as_uuid())
                .push(" AND last_use_time = ?")
                .bind(row.get::<i64>("last_use_time")?)
                .rows_affected(&mut transaction)
                .await?;
            if ended == 1 {
                notifications::forget_session::<DB>(&mut transaction, user, id).await?;
            }
            transaction.commit().await?;
        }
        if (rows.len() as i64) < BATCH {
            return Ok(());
        }
    }
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Session, DatabaseError> {
    Ok(Session {
        id: SessionId::from_uuid(row.get("id")?),
        create_time: time(row, "create_time")?,
        last_use_time: time(row, "last_use_time")?,
        expire_time: time(row, "expire_time")?,
        user_agent: row.get("user_agent")?,
        address: row.get("address")?,
    })
}
