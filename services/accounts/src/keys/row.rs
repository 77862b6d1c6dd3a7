//! The table `signing_keys`.

use jiff::Timestamp;
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use pupila_runtime::identity::SigningKey;
use uuid::Uuid;

use crate::sql::{broken, time};

const INSERT: &str = "INSERT INTO signing_keys \
     (number, id, pkcs8, create_time, activate_time) VALUES (?, ?, ?, ?, ?)";

/// A key that is kept.
pub(super) struct StoredKey {
    /// Counts the keys.
    pub(super) number: i64,
    pub(super) key: SigningKey,
    /// From when on it signs.
    pub(super) activate_time: Timestamp,
}

impl StoredKey {
    /// The key that a row holds.
    pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Self, DatabaseError> {
        let id: Uuid = row.get("id")?;
        let document: Vec<u8> = row.get("pkcs8")?;
        Ok(Self {
            number: row.get("number")?,
            key: SigningKey::from_pkcs8(id.to_string(), &document).map_err(broken)?,
            activate_time: time(row, "activate_time")?,
        })
    }
}

/// All keys, the oldest first.
pub(super) fn select<DB: Dialect>() -> Statement<DB> {
    Statement::new("SELECT number, id, pkcs8, activate_time FROM signing_keys ORDER BY number")
}

/// Stores a key; a clash where there is one of that number.
pub(super) fn insert<DB: Dialect>(
    number: i64,
    id: Uuid,
    document: Vec<u8>,
    create_time: Timestamp,
    activate_time: Timestamp,
) -> Statement<DB> {
    Statement::new(INSERT)
        .bind(number)
        .bind(id)
        .bind(document)
        .bind(create_time.as_microsecond())
        .bind(activate_time.as_microsecond())
}

/// Deletes the keys before one.
pub(super) fn delete_before<DB: Dialect>(number: i64) -> Statement<DB> {
    Statement::new("DELETE FROM signing_keys WHERE number < ?").bind(number)
}
