//! The table `api_keys`.

use jiff::Timestamp;
use pupila_core::{ApiKeyId, Digest, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::ApiKey;
use crate::{
    once::Once,
    sql::{broken, digest, newest_first, optional_time, time},
};

const COLUMNS: &str = "SELECT id, user_id, name, scopes, prefix, create_time, expire_time, last_use_time \
     FROM api_keys";

const INSERT: &str = "INSERT INTO api_keys (id, user_id, name, scopes, prefix, secret_sha256, \
     create_time, expire_time, idempotency_key, idempotency_digest) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The statement that stores a key.
pub(super) fn insert<DB: Dialect>(
    owner: UserId,
    key: &ApiKey,
    secret: &Digest,
    once: Option<&Once>,
) -> Statement<DB> {
    Statement::new(INSERT)
        .bind(key.id.as_uuid())
        .bind(owner.as_uuid())
        .bind(key.name.clone())
        .bind(key.scopes.to_string())
        .bind(key.prefix.clone())
        .bind(secret.as_bytes().to_vec())
        .bind(key.create_time.as_microsecond())
        .bind(key.expire_time.map(|time| time.as_microsecond()))
        .bind(once.map(|once| once.key.clone()))
        .bind(once.map(|once| once.digest.as_bytes().to_vec()))
}

/// What was asked for when a key was made under that name.
pub(super) async fn made_with<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    name: &str,
) -> Result<Option<Digest>, DatabaseError> {
    let select =
        "SELECT idempotency_digest FROM api_keys WHERE user_id = ? AND idempotency_key = ?";
    let row = Statement::<DB>::new(select)
        .bind(owner.as_uuid())
        .bind(name.to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| digest(&row, "idempotency_digest"))
        .transpose()
}

/// How many keys a user has.
pub(super) async fn count<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
) -> Result<i64, DatabaseError> {
    let row = Statement::<DB>::new("SELECT COUNT(*) AS api_keys FROM api_keys WHERE user_id = ?")
        .bind(owner.as_uuid())
        .fetch_optional(connection)
        .await?;
    row.map_or(Ok(0), |row| row.get("api_keys"))
}

/// The keys of a user.
pub(super) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    page: Page,
) -> Result<Vec<ApiKey>, DatabaseError> {
    let select = Statement::<DB>::new(COLUMNS)
        .through_index("api_keys_by_user")
        .push(" WHERE user_id = ?")
        .bind(owner.as_uuid());
    let rows = newest_first(select, page).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// The key of that secret, and whose it is.
pub(super) async fn by_secret<DB: Dialect>(
    connection: &mut DB::Connection,
    secret: &Digest,
) -> Result<Option<(UserId, ApiKey)>, DatabaseError> {
    let row = Statement::<DB>::new(COLUMNS)
        .push(" WHERE secret_sha256 = ?")
        .bind(secret.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((UserId::from_uuid(row.get("user_id")?), read(&row)?)))
        .transpose()
}

/// The statement that writes down when a key was used last.
pub(super) fn note_use<DB: Dialect>(id: ApiKeyId, time: Timestamp) -> Statement<DB> {
    Statement::new("UPDATE api_keys SET last_use_time = ? WHERE id = ?")
        .bind(time.as_microsecond())
        .bind(id.as_uuid())
}

/// Ends a key of a user; false where there is none.
pub(super) async fn delete<DB: Dialect>(
    transaction: &mut DB::Connection,
    owner: UserId,
    id: ApiKeyId,
) -> Result<bool, DatabaseError> {
    let deleted = Statement::<DB>::new("DELETE FROM api_keys WHERE id = ? AND user_id = ?")
        .bind(id.as_uuid())
        .bind(owner.as_uuid())
        .rows_affected(transaction)
        .await?;
    Ok(deleted == 1)
}

/// Ends all keys of a user.
pub(crate) async fn delete_all<DB: Dialect>(
    transaction: &mut DB::Connection,
    owner: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM api_keys WHERE user_id = ?")
        .bind(owner.as_uuid())
        .execute(transaction)
        .await
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<ApiKey, DatabaseError> {
    Ok(ApiKey {
        id: ApiKeyId::from_uuid(row.get("id")?),
        name: row.get("name")?,
        scopes: row.get::<String>("scopes")?.parse().map_err(broken)?,
        prefix: row.get("prefix")?,
        create_time: time(row, "create_time")?,
        expire_time: optional_time(row, "expire_time")?,
        last_use_time: optional_time(row, "last_use_time")?,
    })
}
