//! Who calls: what a request brings becomes the access token that the services are called with.
//!
//! The services verify that token again. Here it is verified so that a stranger is sent away before the body of their
//! request is read.

mod lasting;
mod tokens;
mod validity;

use std::{sync::Arc, time::Duration};

use http::HeaderMap;
use pupila_core::{Caller, Clock, Digest, Scope, User};
use pupila_proto::accounts::v1::{
    AccessToken, ExchangeApiKeyRequest, SignInLocallyRequest,
    auth_service_client::AuthServiceClient,
};
use pupila_runtime::{
    context::RequestContext,
    identity::{AccessError, Credential, RemoteKeys, Verifier},
    rpc::{RpcError, with_causes},
    transport::Transport,
};

pub(crate) use self::lasting::LastingContext;
use self::tokens::{Holder, Tokens};
use crate::{
    config::AuthMode,
    problem::{Problem, from_rpc},
};

/// What every API key begins with.
const API_KEY: &str = "pupila_";

/// Knows callers. Its clones share what it remembers.
#[derive(Clone)]
pub(crate) struct Authenticator {
    mode: AuthMode,
    accounts: AuthServiceClient<Transport>,
    verifier: Verifier,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
    call_timeout: Duration,
}

impl Authenticator {
    /// Asks `accounts` about callers. A token that it traded for something holds as long as a request may last.
    pub(crate) fn new(
        mode: AuthMode,
        accounts: Transport,
        clock: Arc<dyn Clock>,
        call_timeout: Duration,
        request_timeout: Duration,
    ) -> Self {
        Self {
            mode,
            accounts: AuthServiceClient::new(accounts.clone()),
            verifier: Verifier::new(RemoteKeys::new(accounts), Arc::clone(&clock)),
            tokens: Tokens::new(Arc::clone(&clock), request_timeout),
            clock,
            call_timeout,
        }
    }

    /// Whether callers have accounts of their own.
    pub(crate) fn has_accounts(&self) -> bool {
        self.mode == AuthMode::Accounts
    }

    /// The token that the request's calls are made with.
    ///
    /// # Errors
    /// Nobody is known by what the request brings.
    pub(crate) async fn credential(
        &self,
        context: &RequestContext,
        headers: &HeaderMap,
    ) -> Result<Credential, Problem> {
        let sent = Credential::from_headers(headers).map_err(|_| AccessError::Scheme)?;
        match sent.token() {
            None if self.has_accounts() => Err(AccessError::Missing.into()),
            None => {
                self.trade(Holder::LocalUser, self.sign_in_locally(context))
                    .await
            }
            Some(key) if key.starts_with(API_KEY) => {
                let holder = Holder::ApiKey(Digest::of(key.as_bytes()));
                self.trade(holder, self.exchange(context, key)).await
            }
            Some(token) => {
                self.verify(token).await?;
                Ok(sent)
            }
        }
    }

    /// The user behind a credential that this gave out.
    ///
    /// # Errors
    /// It is no user's.
    pub(crate) async fn user(&self, credential: &Credential) -> Result<User, Problem> {
        let token = credential.token().ok_or(AccessError::Missing)?;
        match self.verify(token).await? {
            Caller::User(user) => Ok(user),
            _ => Err(AccessError::WrongCaller.into()),
        }
    }

    /// Checks that a credential that this gave out is a user's and opens `scope`. Services check what they are asked.
    ///
    /// # Errors
    /// It is not, or does not.
    pub(crate) async fn require(
        &self,
        credential: &Credential,
        scope: Scope,
    ) -> Result<(), Problem> {
        let user = self.user(credential).await?;
        if user.scopes.contain(scope) {
            Ok(())
        } else {
            Err(AccessError::Scope(scope.as_str()).into())
        }
    }

    /// How long a credential that this gave out still holds.
    pub(crate) fn time_left(&self, credential: &Credential) -> Duration {
        let token = credential.token().unwrap_or_default();
        validity::time_left(token, self.clock.now())
    }

    async fn verify(&self, token: &str) -> Result<Caller, AccessError> {
        let verified = self.verifier.verify(token).await;
        verified.inspect_err(|error| {
            if let AccessError::Keys(_) = error {
                tracing::error!(error = %with_causes(error), "a token was not verified");
            }
        })
    }

    async fn trade(
        &self,
        holder: Holder,
        trade: impl Future<Output = Result<AccessToken, RpcError>>,
    ) -> Result<Credential, Problem> {
        self.tokens.get(holder, trade).await.map_err(from_rpc)
    }

    async fn sign_in_locally(&self, context: &RequestContext) -> Result<AccessToken, RpcError> {
        let request = context.call(SignInLocallyRequest {}, self.call_timeout);
        let answer = self.accounts.clone().sign_in_locally(request).await?;
        Ok(answer.into_inner().access.unwrap_or_default())
    }

    async fn exchange(&self, context: &RequestContext, key: &str) -> Result<AccessToken, RpcError> {
        let request = ExchangeApiKeyRequest {
            api_key: key.to_owned(),
        };
        let request = context.call(request, self.call_timeout);
        let answer = self.accounts.clone().exchange_api_key(request).await?;
        Ok(answer.into_inner().access.unwrap_or_default())
    }
}
