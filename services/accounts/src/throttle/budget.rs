//! What an address may do: a number of attempts at once, which grows back evenly (the generic cell rate algorithm of
//! ITU-T I.371). All that is kept is the time at which the budget will be whole again.

use jiff::Timestamp;
use pupila_core::Digest;
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{span, wait};
use crate::{AccountsError, config::ThrottleConfig};

/// Spends one attempt.
pub(super) async fn spend<DB: Dialect>(
    pools: &Pools<DB>,
    address: Digest,
    config: &ThrottleConfig,
    now: Timestamp,
) -> Result<(), AccountsError> {
    let mut writer = pools.writer().await?;
    let interval = interval(config);
    // The budget is spent where it would be whole only later than this.
    let latest = now + span(config.address_window_seconds) - interval;
    loop {
        let spent = Statement::<DB>::new("UPDATE throttles SET next_time =")
            .push(" CASE WHEN next_time > ? THEN next_time + ? ELSE ? END, forget_time = ?")
            .bind(now.as_microsecond())
            .bind(interval.as_micros() as i64)
            .bind((now + interval).as_microsecond())
            .bind((now + span(config.address_window_seconds)).as_microsecond())
            .push(" WHERE id = ? AND next_time <= ?")
            .bind(address.as_bytes().to_vec())
            .bind(latest.as_microsecond())
            .rows_affected(&mut writer)
            .await?;
        if spent == 1 {
            return Ok(());
        }
        let row = Statement::<DB>::new("SELECT next_time FROM throttles WHERE id = ?")
            .bind(address.as_bytes().to_vec())
            .fetch_optional(&mut writer)
            .await?;
        if let Some(row) = row {
            let whole = Timestamp::from_microsecond(row.get("next_time")?).unwrap_or(now);
            if whole <= latest {
                // Somebody gave an attempt back in between.
                continue;
            }
            return Err(wait(
                whole - span(config.address_window_seconds) + interval,
                now,
            ));
        }
        let inserted = Statement::<DB>::new("INSERT INTO throttles")
            .push(" (id, attempts, next_time, forget_time) VALUES (?, 0, ?, ?)")
            .bind(address.as_bytes().to_vec())
            .bind((now + interval).as_microsecond())
            .bind((now + span(config.address_window_seconds)).as_microsecond())
            .execute(&mut writer)
            .await;
        match inserted {
            // Somebody else came first.
            Err(error) if error.is_unique_violation() => {}
            other => return Ok(other?),
        }
    }
}

/// Gives one attempt back.
pub(super) async fn give_back<DB: Dialect>(
    pools: &Pools<DB>,
    address: Digest,
    config: &ThrottleConfig,
) -> Result<(), DatabaseError> {
    let mut writer = pools.writer().await?;
    Statement::<DB>::new("UPDATE throttles SET next_time = next_time - ? WHERE id = ?")
        .bind(interval(config).as_micros() as i64)
        .bind(address.as_bytes().to_vec())
        .execute(&mut writer)
        .await
}

/// After how long one attempt has grown back.
fn interval(config: &ThrottleConfig) -> jiff::SignedDuration {
    span(config.address_window_seconds) / i32::try_from(config.address_attempts).unwrap_or(i32::MAX)
}
