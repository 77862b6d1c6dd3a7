//! The rows of callers. Whatever is recorded holds its caller's until it is committed, so that an erasure waits for it
//! and what comes after the erasure is refused. Whoever asks for work holds it alone, so that two cannot take the same room.

use std::collections::{BTreeMap, BTreeSet};

use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect, Pools, Row, Statement};

const SELECT: &str = "SELECT erased FROM callers WHERE caller = ?";
const INSERT: &str = "INSERT INTO callers (caller, erased) VALUES (?, ?)";
const ERASE: &str = "UPDATE callers SET erased = ? WHERE caller = ?";

/// What is known of a caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    /// Their account is gone.
    pub(crate) erased: bool,
    /// No more of theirs waits, is worked on or is still to come.
    pub(crate) backlog: i64,
}

/// Ends an `INSERT … SELECT`, so that it inserts where its caller has a row and is not erased, and holds that row.
pub(super) fn insert_for<DB: Dialect>(insert: Statement<DB>, caller: UserId) -> Statement<DB> {
    insert
        .push(" FROM callers WHERE caller = ? AND erased = ?")
        .bind(caller.as_uuid())
        .bind(false)
        .sharing()
}

/// Whether the caller is erased; it stays true until the transaction ends.
pub(super) async fn is_erased<DB: Dialect>(
    transaction: &mut DB::Connection,
    caller: UserId,
) -> Result<bool, DatabaseError> {
    let select = Statement::<DB>::new(SELECT)
        .bind(caller.as_uuid())
        .sharing();
    let found = select.fetch_optional(transaction).await?;
    found.map_or(Ok(false), |row| row.get("erased"))
}

/// The callers who have a row, which nobody else holds until the transaction ends.
pub(crate) async fn lock<DB: Dialect>(
    transaction: &mut DB::Connection,
    callers: &BTreeSet<UserId>,
) -> Result<BTreeMap<UserId, Caller>, DatabaseError> {
    let rows = locking::<DB>(callers).fetch_all(transaction).await?;
    let caller = |row: &Row<DB>| {
        let id = UserId::from_uuid(row.get("caller")?);
        let caller = Caller {
            erased: row.get("erased")?,
            backlog: row.get("backlog")?,
        };
        Ok((id, caller))
    };
    rows.iter().map(caller).collect()
}

/// By their key, in its order: whatever a statement that locks comes past is locked.
pub(crate) fn locking<DB: Dialect>(callers: &BTreeSet<UserId>) -> Statement<DB> {
    Statement::new("SELECT caller, erased, backlog FROM callers")
        .through_key()
        .push_list(
            " WHERE caller IN",
            callers.iter().map(|caller| caller.as_uuid()),
        )
        .push(" ORDER BY caller")
        .locking()
}

/// Writes down that the backlogs of callers whose rows are held grew, or turned out to be shorter.
pub(crate) async fn lengthen<DB: Dialect>(
    transaction: &mut DB::Connection,
    callers: Vec<UserId>,
    growth: i64,
) -> Result<(), DatabaseError> {
    let update = Statement::<DB>::new("UPDATE callers")
        .through_key()
        .push(" SET backlog = backlog + ?")
        .bind(growth)
        .push_list(
            " WHERE caller IN",
            callers.iter().map(|caller| caller.as_uuid()),
        );
    update.execute(transaction).await
}

/// Makes sure that the caller has a row.
pub(crate) async fn welcome<DB: Dialect>(
    pools: &Pools<DB>,
    caller: UserId,
) -> Result<(), DatabaseError> {
    let insert = Statement::<DB>::new(INSERT)
        .bind(caller.as_uuid())
        .bind(false);
    let mut writer = pools.writer().await?;
    match insert.execute(&mut writer).await {
        Err(error) if error.is_unique_violation() => Ok(()),
        result => result,
    }
}

/// Marks the caller as erased, once all that holds their row is committed.
pub(super) async fn bar<DB: Dialect>(
    pools: &Pools<DB>,
    caller: UserId,
) -> Result<(), DatabaseError> {
    welcome(pools, caller).await?;
    let erase = Statement::<DB>::new(ERASE)
        .bind(true)
        .bind(caller.as_uuid());
    let mut writer = pools.writer().await?;
    erase.execute(&mut writer).await
}
