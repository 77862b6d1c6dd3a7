//! Keys that are made once and stay, in the table `kept_keys`. As those that sign tokens they are in the database, so
//! that every replica has the same; unlike those they never change, because others keep what was made with them.

use jiff::Timestamp;
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use crate::{AccountsError, sql::broken};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Telling push services who we are.
    Push,
    /// Links that end e-mails.
    Unsubscribe,
}

/// Somebody deleted the key that was just there.
#[derive(Debug, thiserror::Error)]
#[error("there is no key for {0:?}")]
struct NoKey(Purpose);

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// The key for `purpose`, from `make` where there is none. Of several replicas that make one, all get the first.
///
/// # Errors
/// The database is away, or none can be made.
pub(super) async fn kept<DB: Dialect>(
    pools: &Pools<DB>,
    purpose: Purpose,
    now: Timestamp,
    make: impl FnOnce() -> Result<Vec<u8>, AccountsError>,
) -> Result<Vec<u8>, AccountsError> {
    // The writer's: on a server with replicas the reader may not know it yet.
    let mut writer = pools.writer().await?;
    if let Some(secret) = find::<DB>(&mut writer, purpose).await? {
        return Ok(secret);
    }
    let insert = "INSERT INTO kept_keys (purpose, secret, create_time) VALUES (?, ?, ?)";
    let inserted = Statement::<DB>::new(insert)
        .bind(purpose.as_str().to_owned())
        .bind(make()?)
        .bind(now.as_microsecond())
        .execute(&mut writer)
        .await;
    match inserted {
        // Another replica made it.
        Err(error) if error.is_unique_violation() => {}
        other => other?,
    }
    let secret = find::<DB>(&mut writer, purpose).await?;
    secret.ok_or_else(|| broken(NoKey(purpose)).into())
}

async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    purpose: Purpose,
) -> Result<Option<Vec<u8>>, DatabaseError> {
    let row = Statement::<DB>::new("SELECT secret FROM kept_keys WHERE purpose = ?")
        .bind(purpose.as_str().to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.get("secret")).transpose()
}
