//! Acting for the owners of tasks.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use moka::{Expiry, future::Cache};
use pupila_core::{Clock, ErrorCode, RequestId, UserId};
use pupila_proto::{
    accounts::v1::{ActForUserRequest, auth_service_client::AuthServiceClient},
    history::v1::Task,
};
use pupila_runtime::{
    context::RequestContext,
    identity::{Credential, ServiceIdentity},
    transport::Transport,
};

use crate::{Outcome, Service};

/// Tokens that are kept at once; each is about a kilobyte.
const CAPACITY: u64 = 10_000;
/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A token is not used any more this long before its end, so that it does not end on its way.
const MARGIN: Duration = Duration::from_secs(30);

/// Hands out tokens of the users that tasks belong to. Its clones share them.
#[derive(Clone)]
pub(crate) struct Delegation {
    tokens: Cache<UserId, Token>,
    accounts: AuthServiceClient<Transport>,
    identity: ServiceIdentity,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Token {
    credential: Credential,
    /// How long it is of use.
    lifetime: Duration,
}

impl Delegation {
    /// Asks `accounts` as `identity`.
    pub(crate) fn new(
        accounts: Transport,
        identity: ServiceIdentity,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            tokens: Cache::builder()
                .max_capacity(CAPACITY)
                .expire_after(Lifetime)
                .build(),
            accounts: AuthServiceClient::new(accounts),
            identity,
            clock,
        }
    }

    /// A request on behalf of the task's owner. Its token lasts for minutes: whoever works longer asks before each call, which
    /// costs nothing.
    ///
    /// # Errors
    /// The outcome of the task: its owner is gone or blocked, or accounts is away.
    pub(crate) async fn context(&self, task: &Task) -> Result<RequestContext, Outcome> {
        let owner = task.owner.parse().map_err(|_| {
            let detail = "the owner of the task is no user";
            Outcome::refused(ErrorCode::Internal, "TASK_INVALID", detail)
        })?;
        let token = self.tokens.try_get_with(owner, self.token_of(owner));
        match token.await {
            Ok(token) => Ok(RequestContext {
                request_id: request_id(task),
                credential: token.credential,
                address: None,
            }),
            Err(outcome) => Err(Outcome::clone(&outcome)),
        }
    }

    /// Whether accounts need not be asked to act for the task's owner.
    pub(crate) fn is_at_hand(&self, task: &Task) -> bool {
        let owner = task.owner.parse();
        owner.is_ok_and(|owner: UserId| self.tokens.contains_key(&owner))
    }

    async fn token_of(&self, owner: UserId) -> Result<Token, Outcome> {
        let own = self.identity.request().await;
        let own = own.map_err(|error| Outcome::shut_out(&error))?;
        let request = ActForUserRequest {
            user_id: owner.to_string(),
        };
        let call = own.call(request, TIMEOUT);
        let answer = self.accounts.clone().act_for_user(call).await;
        let answer =
            answer.map_err(|status| Outcome::from_service(Service::Accounts, status.into()))?;
        let access = answer.into_inner().access.unwrap_or_default();
        let end = access.expire_time.unwrap_or_default();
        let end = Timestamp::new(end.seconds, end.nanos).unwrap_or(Timestamp::UNIX_EPOCH);
        let left = Duration::try_from(end.duration_since(self.clock.now())).unwrap_or_default();
        Ok(Token {
            credential: Credential::bearer(&access.token),
            lifetime: left.saturating_sub(MARGIN),
        })
    }
}

/// By which every service's log tells what was done for the task.
fn request_id(task: &Task) -> RequestId {
    RequestId::accept(&format!("task:{}", task.id)).unwrap_or_else(RequestId::none)
}

struct Lifetime;

impl Expiry<UserId, Token> for Lifetime {
    fn expire_after_create(&self, _: &UserId, token: &Token, _: Instant) -> Option<Duration> {
        Some(token.lifetime)
    }
}
