//! How long things last and what they cost.

use std::{num::NonZero, ops::RangeInclusive, thread::available_parallelism};

use argon2::Params;
use jiff::SignedDuration;
use serde::Deserialize;

/// `[accounts.tokens]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokensConfig {
    /// How long an access token holds: as long a change of rights may take to be known everywhere.
    pub access_seconds: u32,
    /// After how many days tokens are signed with a new key.
    pub key_rotation_days: u32,
}

/// `[accounts.sessions]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionsConfig {
    /// After how many days without use a session ends.
    pub idle_days: u32,
}

/// `[accounts.audit]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// After how many days an entry of the record is deleted; 0 for never.
    pub kept_days: u32,
}

/// `[accounts.passwords]`: Argon2id. The defaults are those of OWASP's Password Storage Cheat Sheet, and the least.
/// Whoever signs in with a hash of other parameters gets a new one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordsConfig {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Passwords that are hashed at once; one for two cores by default. Each takes a core and its memory.
    pub workers: usize,
    /// Passwords that wait; more are refused at once.
    pub queue: usize,
}

/// `[accounts.throttle]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThrottleConfig {
    /// Wrong passwords for one account from one network, or for one link, before the next has to wait: 1, 2, 4, …
    /// seconds.
    pub free_attempts: u32,
    /// The longest that it has to wait.
    pub longest_wait_seconds: u64,
    /// Wrong passwords for one account that all networks together may try in a day. One alone comes to about a hundred.
    pub account_attempts: u32,
    /// Attempts to sign in, register or open a link that one network address may make in a window. Those that succeed
    /// in opening something do not count.
    pub address_attempts: u32,
    /// How often one network address may open share links in a window: many people may be behind one.
    pub link_openings: u32,
    /// How long the window is.
    pub address_window_seconds: u64,
}

/// `[accounts.notifications]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationsConfig {
    /// E-mails to one user: as many at once, which grow back evenly within an hour.
    pub letters_per_hour: u32,
}

impl TokensConfig {
    /// How long an access token holds.
    pub(crate) fn lifetime(&self) -> SignedDuration {
        SignedDuration::from_secs(self.access_seconds.into())
    }

    /// How long a key signs.
    pub(crate) fn rotation(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.key_rotation_days) * 24)
    }

    pub(super) fn faults(&self) -> Vec<String> {
        collect([
            within("tokens.access_seconds", self.access_seconds, 30..=3600),
            within("tokens.key_rotation_days", self.key_rotation_days, 1..=365),
        ])
    }
}

impl SessionsConfig {
    /// How long a session lasts without use.
    pub(crate) fn idle(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.idle_days) * 24)
    }

    pub(super) fn faults(&self) -> Vec<String> {
        collect([within("sessions.idle_days", self.idle_days, 1..=365)])
    }
}

impl AuditConfig {
    /// How long an entry is kept; `None` for ever.
    pub(crate) fn kept(&self) -> Option<SignedDuration> {
        let days = i64::from(self.kept_days);
        (days > 0).then(|| SignedDuration::from_hours(days * 24))
    }

    pub(super) fn faults(&self) -> Vec<String> {
        collect([within("audit.kept_days", self.kept_days, 0..=36_500)])
    }
}

impl PasswordsConfig {
    /// As Argon2 takes them.
    pub(crate) fn params(&self) -> Result<Params, argon2::Error> {
        Params::new(self.memory_kib, self.iterations, self.parallelism, None)
    }

    pub(super) fn faults(&self) -> Vec<String> {
        collect([
            within(
                "passwords.memory_kib",
                self.memory_kib,
                Params::DEFAULT_M_COST..=1 << 22,
            ),
            within(
                "passwords.iterations",
                self.iterations,
                Params::DEFAULT_T_COST..=100,
            ),
            within("passwords.parallelism", self.parallelism, 1..=16),
            within("passwords.workers", self.workers, 1..=1024),
            within("passwords.queue", self.queue, 0..=100_000),
        ])
    }
}

impl ThrottleConfig {
    pub(super) fn faults(&self) -> Vec<String> {
        let day = 1..=86_400;
        collect([
            within("throttle.free_attempts", self.free_attempts, 1..=100),
            within(
                "throttle.longest_wait_seconds",
                self.longest_wait_seconds,
                day.clone(),
            ),
            within(
                "throttle.account_attempts",
                self.account_attempts,
                100..=1_000_000,
            ),
            within(
                "throttle.address_attempts",
                self.address_attempts,
                1..=1_000_000,
            ),
            within("throttle.link_openings", self.link_openings, 1..=1_000_000),
            within(
                "throttle.address_window_seconds",
                self.address_window_seconds,
                day,
            ),
        ])
    }
}

impl NotificationsConfig {
    pub(super) fn faults(&self) -> Vec<String> {
        collect([within(
            "notifications.letters_per_hour",
            self.letters_per_hour,
            1..=10_000,
        )])
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    name: &str,
    value: T,
    range: RangeInclusive<T>,
) -> Option<String> {
    (!range.contains(&value))
        .then(|| format!("{name}: must be from {} to {}", range.start(), range.end()))
}

fn collect<const N: usize>(faults: [Option<String>; N]) -> Vec<String> {
    faults.into_iter().flatten().collect()
}

impl Default for TokensConfig {
    fn default() -> Self {
        Self {
            access_seconds: 300,
            key_rotation_days: 30,
        }
    }
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self { idle_days: 30 }
    }
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self { kept_days: 730 }
    }
}

impl Default for PasswordsConfig {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Self {
            memory_kib: Params::DEFAULT_M_COST,
            iterations: Params::DEFAULT_T_COST,
            parallelism: Params::DEFAULT_P_COST,
            workers: (cores / 2).max(1),
            queue: 64,
        }
    }
}

impl Default for NotificationsConfig {
    fn default() -> Self {
        Self {
            letters_per_hour: 20,
        }
    }
}

impl Default for ThrottleConfig {
    fn default() -> Self {
        Self {
            free_attempts: 5,
            longest_wait_seconds: 900,
            account_attempts: 1_000,
            address_attempts: 60,
            link_openings: 600,
            address_window_seconds: 600,
        }
    }
}
