//! Access tokens that something was traded for, until shortly before they end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use moka::{Expiry, future::Cache};
use pupila_core::{Clock, Digest};
use pupila_proto::accounts::v1::AccessToken;
use pupila_runtime::{identity::Credential, rpc::RpcError};

/// Tokens that are kept at once; each is about a kilobyte.
const CAPACITY: u64 = 10_000;

/// What a token was traded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// Nothing: every caller is the local user.
    LocalUser,
    /// An API key. It is not kept, only its digest.
    ApiKey(Digest),
}

/// Remembers tokens. Its clones share them.
#[derive(Clone)]
pub(super) struct Tokens {
    cache: Cache<Holder, Token>,
    clock: Arc<dyn Clock>,
    margin: Duration,
}

#[derive(Clone)]
struct Token {
    credential: Credential,
    /// How long it is of use.
    lifetime: Duration,
}

impl Tokens {
    /// A token is not used any more when it ends within `margin`.
    pub(super) fn new(clock: Arc<dyn Clock>, margin: Duration) -> Self {
        let cache = Cache::builder()
            .max_capacity(CAPACITY)
            .expire_after(Lifetime);
        Self {
            cache: cache.build(),
            clock,
            margin,
        }
    }

    /// The holder's token, traded for by `trade` where none is remembered. Of those who ask at once for the same one
    /// trades, and the others wait for it. A refusal is not remembered.
    ///
    /// # Errors
    /// That of `trade`.
    pub(super) async fn get(
        &self,
        holder: Holder,
        trade: impl Future<Output = Result<AccessToken, RpcError>>,
    ) -> Result<Credential, RpcError> {
        let token = self.cache.try_get_with(holder, async {
            let access = trade.await?;
            Ok(Token {
                credential: Credential::bearer(&access.token),
                lifetime: self.lifetime(&access),
            })
        });
        match token.await {
            Ok(token) => Ok(token.credential),
            Err(error) => Err(RpcError::clone(&error)),
        }
    }

    /// None at all where the token does not say when it ends.
    fn lifetime(&self, access: &AccessToken) -> Duration {
        let end = access.expire_time.unwrap_or_default();
        let end = Timestamp::new(end.seconds, end.nanos).unwrap_or(Timestamp::UNIX_EPOCH);
        let left = Duration::try_from(end.duration_since(self.clock.now())).unwrap_or_default();
        left.saturating_sub(self.margin)
    }
}

struct Lifetime;

impl Expiry<Holder, Token> for Lifetime {
    fn expire_after_create(&self, _: &Holder, token: &Token, _: Instant) -> Option<Duration> {
        Some(token.lifetime)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use pupila_core::{ErrorCode, ManualClock};

    use super::*;

    const MARGIN: Duration = Duration::from_secs(60);

    struct Office {
        tokens: Tokens,
        trades: AtomicUsize,
    }

    impl Office {
        fn new() -> Self {
            let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
            Self {
                tokens: Tokens::new(clock, MARGIN),
                trades: AtomicUsize::new(0),
            }
        }

        /// A token for `key` that lasts so many seconds.
        async fn ask(&self, key: &str, seconds: i64) -> Result<Credential, RpcError> {
            let trade = async {
                tokio::task::yield_now().await;
                let number = self.trades.fetch_add(1, Ordering::Relaxed);
                Ok(AccessToken {
                    token: format!("{key}-{number}"),
                    expire_time: Some(prost_types::Timestamp { seconds, nanos: 0 }),
                })
            };
            self.tokens
                .get(Holder::ApiKey(Digest::of(key.as_bytes())), trade)
                .await
        }
    }

    #[tokio::test]
    async fn many_who_ask_at_once_cause_one_trade() {
        let office = Office::new();
        let answers = join_all((0..100).map(|_| office.ask("a", 600))).await;
        assert!(
            answers
                .iter()
                .all(|token| *token == Ok(Credential::bearer("a-0")))
        );
        assert_eq!(office.ask("a", 600).await, Ok(Credential::bearer("a-0")));
        assert_eq!(office.ask("b", 600).await, Ok(Credential::bearer("b-1")));
    }

    #[tokio::test]
    async fn a_token_that_ends_soon_is_used_once() {
        let office = Office::new();
        for number in 0..3 {
            let token = Credential::bearer(&format!("a-{number}"));
            assert_eq!(office.ask("a", 60).await, Ok(token));
        }
    }

    #[tokio::test]
    async fn a_refusal_is_not_remembered() {
        let office = Office::new();
        let refusal = RpcError {
            code: ErrorCode::Unavailable,
            reason: "UNAVAILABLE".to_owned(),
            message: "away".to_owned(),
            violations: Vec::new(),
            retry_after: None,
        };
        let holder = Holder::ApiKey(Digest::of(b"a"));
        let refused = office
            .tokens
            .get(holder, async { Err(refusal.clone()) })
            .await;
        assert_eq!(refused, Err(refusal));
        assert!(office.ask("a", 600).await.is_ok());
    }
}
