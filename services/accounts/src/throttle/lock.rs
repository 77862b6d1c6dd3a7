//! What a password opens: the first wrong guesses are free, then each makes the next wait twice as long.

use jiff::{SignedDuration, Timestamp};
use pupila_core::Digest;
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{span, wait};
use crate::{AccountsError, config::ThrottleConfig, sql::time};

/// When wrong guesses are forgotten, after the last.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// What is kept of the guesses at a lock.
struct Guesses {
    /// How many there were.
    attempts: i64,
    /// When the next may be made.
    next_time: Timestamp,
    /// When all are forgotten.
    forget_time: Timestamp,
}

/// Counts a guess, if the lock takes one now. Of those who come at the same time one is first, and the others look
/// again.
pub(super) async fn count<DB: Dialect>(
    pools: &Pools<DB>,
    lock: Digest,
    config: &ThrottleConfig,
    now: Timestamp,
) -> Result<(), AccountsError> {
    let mut writer = pools.writer().await?;
    loop {
        let Some(known) = read::<DB>(&mut writer, lock).await? else {
            if insert::<DB>(&mut writer, lock, config, now).await? {
                return Ok(());
            }
            continue;
        };
        let (before, next) = if known.forget_time <= now {
            (0, Timestamp::UNIX_EPOCH)
        } else {
            (known.attempts, known.next_time)
        };
        if now < next {
            return Err(wait(next, now));
        }
        let update = Statement::<DB>::new("UPDATE throttles")
            .push(" SET attempts = ?, next_time = ?, forget_time = ?")
            .bind(before + 1)
            .bind(next_time(before + 1, config, now).as_microsecond())
            .bind((now + MEMORY).as_microsecond())
            .push(" WHERE id = ? AND attempts = ? AND next_time = ?")
            .bind(lock.as_bytes().to_vec())
            .bind(known.attempts)
            .bind(known.next_time.as_microsecond());
        if update.rows_affected(&mut writer).await? == 1 {
            return Ok(());
        }
    }
}

/// Forgets every guess.
pub(super) async fn forget<DB: Dialect>(
    pools: &Pools<DB>,
    lock: Digest,
) -> Result<(), DatabaseError> {
    let mut writer = pools.writer().await?;
    Statement::<DB>::new("DELETE FROM throttles WHERE id = ?")
        .bind(lock.as_bytes().to_vec())
        .execute(&mut writer)
        .await
}

async fn read<DB: Dialect>(
    connection: &mut DB::Connection,
    lock: Digest,
) -> Result<Option<Guesses>, DatabaseError> {
    let select = "SELECT attempts, next_time, forget_time FROM throttles WHERE id = ?";
    let row = Statement::<DB>::new(select)
        .bind(lock.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Guesses {
            attempts: row.get("attempts")?,
            next_time: time(&row, "next_time")?,
            forget_time: time(&row, "forget_time")?,
        })
    })
    .transpose()
}

/// Counts the first guess; false where somebody else did.
async fn insert<DB: Dialect>(
    connection: &mut DB::Connection,
    lock: Digest,
    config: &ThrottleConfig,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let inserted = Statement::<DB>::new("INSERT INTO throttles")
        .push(" (id, attempts, next_time, forget_time) VALUES (?, 1, ?, ?)")
        .bind(lock.as_bytes().to_vec())
        .bind(next_time(1, config, now).as_microsecond())
        .bind((now + MEMORY).as_microsecond())
        .execute(connection)
        .await;
    match inserted {
        Ok(()) => Ok(true),
        Err(error) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// When the next guess may be made after so many wrong ones.
fn next_time(attempts: i64, config: &ThrottleConfig, now: Timestamp) -> Timestamp {
    match delay(attempts, config) {
        // At any time, also for one whose clock is a little late.
        SignedDuration::ZERO => Timestamp::UNIX_EPOCH,
        delay => now + delay,
    }
}

/// How long to wait after so many wrong guesses.
fn delay(attempts: i64, config: &ThrottleConfig) -> SignedDuration {
    let beyond = attempts - i64::from(config.free_attempts);
    match u32::try_from(beyond) {
        // 1, 2, 4, … seconds.
        Ok(doublings) => {
            let seconds = 1u64.checked_shl(doublings).unwrap_or(u64::MAX);
            span(seconds.min(config.longest_wait_seconds))
        }
        Err(_) => SignedDuration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let config = ThrottleConfig::default();
        let seconds = |attempts| delay(attempts, &config).as_secs();
        assert_eq!(
            [1, 4, 5, 6, 7, 14, 15, 70, 1_000_000].map(seconds),
            [0, 0, 1, 2, 4, 512, 900, 900, 900]
        );
    }
}
