//! What an address may do, how often an account may be guessed at from everywhere, and how often a user is written to: a
//! number of attempts at once, which grows back evenly (the generic cell rate algorithm of
//! ITU-T I.371). All that is kept is the time at which the budget will be whole again.

use jiff::{SignedDuration, Timestamp};
use pupila_core::Digest;
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{span, wait};
use crate::{AccountsError, config::ThrottleConfig};

/// How long the window of an account is: a day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How long the window of letters is.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How much there is.
pub(super) struct Budget {
    /// After how long all has grown back.
    window: SignedDuration,
    /// After how long one attempt has.
    interval: SignedDuration,
}

impl Budget {
    /// That of a network address.
    pub(super) fn of_address(config: &ThrottleConfig) -> Self {
        let window = span(config.address_window_seconds);
        Self::new(config.address_attempts, window)
    }

    /// That of a network address which opens share links.
    pub(super) fn of_openings(config: &ThrottleConfig) -> Self {
        let window = span(config.address_window_seconds);
        Self::new(config.link_openings, window)
    }

    /// That of an account.
    pub(super) fn of_account(config: &ThrottleConfig) -> Self {
        Self::new(config.account_attempts, DAY)
    }

    /// That of the e-mails to one user.
    pub(super) fn of_letters(per_hour: u32) -> Self {
        Self::new(per_hour, HOUR)
    }

    fn new(attempts: u32, window: SignedDuration) -> Self {
        let interval = window / i32::try_from(attempts).unwrap_or(i32::MAX);
        Self { window, interval }
    }

    /// Spends one attempt of what `id` has.
    pub(super) async fn spend<DB: Dialect>(
        &self,
        pools: &Pools<DB>,
        id: Digest,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        let mut writer = pools.writer().await?;
        let Self { window, interval } = *self;
        // The budget is spent where it would be whole only later than this.
        let latest = now + window - interval;
        loop {
            let spent = Statement::<DB>::new("UPDATE throttles SET next_time =")
                .push(" CASE WHEN next_time > ? THEN next_time + ? ELSE ? END, forget_time = ?")
                .bind(now.as_microsecond())
                .bind(interval.as_micros() as i64)
                .bind((now + interval).as_microsecond())
                .bind((now + window).as_microsecond())
                .push(" WHERE id = ? AND next_time <= ?")
                .bind(id.as_bytes().to_vec())
                .bind(latest.as_microsecond())
                .rows_affected(&mut writer)
                .await?;
            if spent == 1 {
                return Ok(());
            }
            let row = Statement::<DB>::new("SELECT next_time FROM throttles WHERE id = ?")
                .bind(id.as_bytes().to_vec())
                .fetch_optional(&mut writer)
                .await?;
            if let Some(row) = row {
                let whole = Timestamp::from_microsecond(row.get("next_time")?).unwrap_or(now);
                if whole <= latest {
                    // Somebody gave an attempt back in between.
                    continue;
                }
                return Err(wait(whole - window + interval, now));
            }
            let inserted = Statement::<DB>::new("INSERT INTO throttles")
                .push(" (id, attempts, next_time, forget_time) VALUES (?, 0, ?, ?)")
                .bind(id.as_bytes().to_vec())
                .bind((now + interval).as_microsecond())
                .bind((now + window).as_microsecond())
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
        &self,
        pools: &Pools<DB>,
        id: Digest,
    ) -> Result<(), DatabaseError> {
        let mut writer = pools.writer().await?;
        Statement::<DB>::new("UPDATE throttles SET next_time = next_time - ? WHERE id = ?")
            .bind(self.interval.as_micros() as i64)
            .bind(id.as_bytes().to_vec())
            .execute(&mut writer)
            .await
    }
}
