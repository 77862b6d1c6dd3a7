//! How often somebody may guess a password: by what the password opens, and by where the guesses come from; and how often
//! somebody is written to. Counted in the database, so that it holds for all replicas together and outlives them.
//!
//! A guess is counted before it is looked at, so that a thousand at once are not a thousand free ones; the right one is
//! taken off again.

mod budget;
mod lock;

use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Digest, LinkId, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use crate::{AccountsError, config::ThrottleConfig, email::Email, origin::Origin, sql::BATCH};
use budget::Budget;

/// Counts guesses.
pub(crate) struct Throttle<DB: Dialect> {
    pools: Pools<DB>,
    config: ThrottleConfig,
}

/// What a password opens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock<'a> {
    /// The account of that address, whether there is one or not, for those in one network: strangers elsewhere who
    /// guess keep nobody out. All networks together have a budget of guesses at it.
    Account(&'a Email),
    /// What a user who is signed in proves their password for. Only they can guess here.
    Proof(UserId),
    /// A share link.
    Link(LinkId),
}

/// Somebody who came from an address, which spent an attempt on it.
pub(crate) struct Visit(Option<Digest>);

/// A guess that may be made. It counts as wrong unless it is told to be right.
#[must_use]
pub(crate) struct Attempt {
    lock: Digest,
    /// The account, where all networks together have a budget.
    account: Option<Digest>,
    visit: Visit,
}

impl<DB: Dialect> Throttle<DB> {
    /// Counts in `pools`.
    pub(crate) fn new(pools: Pools<DB>, config: ThrottleConfig) -> Self {
        Self { pools, config }
    }

    /// Counts what an address does, before anything is looked at: guesses, and what could be done too often.
    ///
    /// # Errors
    /// `TOO_MANY_ATTEMPTS`, and for how long.
    pub(crate) async fn visit(&self, origin: &Origin) -> Result<Visit, AccountsError> {
        // Calls that come without an address were not made over HTTP.
        let Some(address) = origin.address.map(address_id) else {
            return Ok(Visit(None));
        };
        let budget = Budget::of_address(&self.config);
        budget
            .spend::<DB>(&self.pools, address, origin.time)
            .await?;
        Ok(Visit(Some(address)))
    }

    /// Counts that a visitor opens a share link, which the link's owner let them do as often as they like: within
    /// reason.
    ///
    /// # Errors
    /// `TOO_MANY_ATTEMPTS`, and for how long.
    pub(crate) async fn opening(&self, visit: &Visit, now: Timestamp) -> Result<(), AccountsError> {
        let Some(address) = visit.0 else {
            return Ok(());
        };
        let openings = id("openings from", &address.to_string());
        let budget = Budget::of_openings(&self.config);
        budget.spend::<DB>(&self.pools, openings, now).await
    }

    /// Counts an e-mail to a user; false where an hour has no more. Whose address it is was never proven.
    pub(crate) async fn letter(
        &self,
        user: UserId,
        per_hour: u32,
        now: Timestamp,
    ) -> Result<bool, AccountsError> {
        let letters = id("letters to", &user.to_string());
        let budget = Budget::of_letters(per_hour);
        match budget.spend::<DB>(&self.pools, letters, now).await {
            Ok(()) => Ok(true),
            Err(AccountsError::TooManyAttempts(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The visitor was let in: the address forgets this visit.
    pub(crate) async fn welcome(&self, visit: Visit) -> Result<(), AccountsError> {
        if let Some(address) = visit.0 {
            let budget = Budget::of_address(&self.config);
            budget.give_back::<DB>(&self.pools, address).await?;
        }
        Ok(())
    }

    /// Counts a visitor's guess at what opens `lock`.
    ///
    /// # Errors
    /// `TOO_MANY_ATTEMPTS`, and for how long, where there were too many.
    pub(crate) async fn attempt(
        &self,
        lock: Lock<'_>,
        visit: Visit,
        now: Timestamp,
    ) -> Result<Attempt, AccountsError> {
        let account = lock.account();
        let lock = lock.id(&visit);
        // First, so that one network which does not give up spends nothing of what all have.
        lock::count::<DB>(&self.pools, lock, &self.config, now).await?;
        if let Some(account) = account {
            let budget = Budget::of_account(&self.config);
            budget.spend::<DB>(&self.pools, account, now).await?;
        }
        Ok(Attempt {
            lock,
            account,
            visit,
        })
    }

    /// The guess was right: the lock forgets all, the account and the address this one.
    pub(crate) async fn succeeded(&self, attempt: Attempt) -> Result<(), AccountsError> {
        lock::forget::<DB>(&self.pools, attempt.lock).await?;
        if let Some(account) = attempt.account {
            let budget = Budget::of_account(&self.config);
            budget.give_back::<DB>(&self.pools, account).await?;
        }
        self.welcome(attempt.visit).await
    }

    /// Deletes what no longer matters. Each row by its key, because that is how attempts are counted: two who lock rows
    /// and indexes in different orders may come to wait for each other.
    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<(), DatabaseError> {
        let mut writer = self.pools.writer().await?;
        loop {
            let select = "SELECT id, attempts, next_time FROM throttles WHERE forget_time <= ?";
            let rows = Statement::<DB>::new(select)
                .bind(now.as_microsecond())
                .push(" LIMIT ?")
                .bind(BATCH)
                .fetch_all(&mut writer)
                .await?;
            for row in &rows {
                // Unless somebody came again meanwhile.
                Statement::<DB>::new("DELETE FROM throttles WHERE id = ?")
                    .bind(row.get::<Vec<u8>>("id")?)
                    .push(" AND attempts = ? AND next_time = ?")
                    .bind(row.get::<i64>("attempts")?)
                    .bind(row.get::<i64>("next_time")?)
                    .execute(&mut writer)
                    .await?;
            }
            if (rows.len() as i64) < BATCH {
                return Ok(());
            }
        }
    }
}

impl Lock<'_> {
    fn id(self, visit: &Visit) -> Digest {
        match self {
            Self::Account(email) => {
                let network = visit.0.map(|network| network.to_string());
                let network = network.unwrap_or_default();
                id("account from", &format!("{network} {}", email.as_str()))
            }
            Self::Proof(user) => id("proof", &user.to_string()),
            Self::Link(link) => id("link", &link.to_string()),
        }
    }

    /// What all networks together have a budget for.
    fn account(self) -> Option<Digest> {
        match self {
            Self::Account(email) => Some(id("account", email.as_str())),
            Self::Proof(_) | Self::Link(_) => None,
        }
    }
}

/// That of an address. Whoever has one IPv6 address has its whole /64 network (RFC 6177).
fn address_id(address: IpAddr) -> Digest {
    let network = match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
    };
    id("address", &network.to_string())
}

fn id(kind: &str, name: &str) -> Digest {
    Digest::of(format!("{kind}:{name}").as_bytes())
}

/// The refusal until `next`.
fn wait(next: Timestamp, now: Timestamp) -> AccountsError {
    let seconds = next.duration_since(now).as_secs_f64().ceil().max(1.0);
    AccountsError::TooManyAttempts(std::time::Duration::from_secs(seconds as u64))
}

/// How long `seconds` are.
fn span(seconds: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_for_all_that_its_owner_has() {
        let id = |text: &str| address_id(text.parse().expect("an address"));
        assert_eq!(id("2001:db8::1"), id("2001:db8::ffff:1"));
        assert_ne!(id("2001:db8::1"), id("2001:db8:0:1::1"));
        assert_eq!(id("::ffff:192.0.2.1"), id("192.0.2.1"));
        assert_ne!(id("192.0.2.2"), id("192.0.2.1"));
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds() {
        let now = Timestamp::UNIX_EPOCH;
        for (milliseconds, seconds) in [(1, 1), (1000, 1), (1001, 2)] {
            let next = now + SignedDuration::from_millis(milliseconds);
            let told = wait(next, now).to_string();
            assert_eq!(told, format!("too many attempts; try again in {seconds} s"));
        }
    }
}
