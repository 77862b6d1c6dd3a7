//! How many administrators may sign in: the first user becomes one, and the last cannot be lost. One row of the
//! database counts them, and whoever changes the number keeps everybody else from doing so until their transaction ends.

use pupila_db::{DatabaseError, Dialect, Statement};

use crate::AccountsError;

/// Whether there is an administrator.
pub(crate) async fn exist<DB: Dialect>(
    connection: &mut DB::Connection,
) -> Result<bool, DatabaseError> {
    let row = Statement::<DB>::new("SELECT administrators FROM administration WHERE id = 1")
        .fetch_optional(connection)
        .await?;
    let count = row.map_or(Ok(0), |row| row.get::<i64>("administrators"))?;
    Ok(count > 0)
}

/// Counts the first administrator; false where there is one already.
pub(crate) async fn become_first<DB: Dialect>(
    transaction: &mut DB::Connection,
) -> Result<bool, DatabaseError> {
    let claim = "UPDATE administration SET administrators = 1 WHERE id = 1 AND administrators = 0";
    let claimed = Statement::<DB>::new(claim)
        .rows_affected(transaction)
        .await?;
    Ok(claimed == 1)
}

/// Counts one administrator more, or less, or neither, as `before` and `after` say whether somebody was and will be one.
///
/// # Errors
/// `LAST_ADMINISTRATOR` where none would be left.
pub(crate) async fn recount<DB: Dialect>(
    transaction: &mut DB::Connection,
    before: bool,
    after: bool,
) -> Result<(), AccountsError> {
    let change = match (before, after) {
        (false, true) => {
            "UPDATE administration SET administrators = administrators + 1 WHERE id = 1"
        }
        (true, false) => {
            "UPDATE administration SET administrators = administrators - 1 \
             WHERE id = 1 AND administrators > 1"
        }
        _ => return Ok(()),
    };
    let changed = Statement::<DB>::new(change)
        .rows_affected(transaction)
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(AccountsError::LastAdministrator)
    }
}
