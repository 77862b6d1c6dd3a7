//! Accounts on a fresh database, behind a guard, and people who use them.

use std::{net::IpAddr, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use pupila_accounts::{AccountsConfig, AccountsKeys, Erasure, Housekeeping, open};
use pupila_core::{Clock, ManualClock, RequestId};
use pupila_db::TestDatabase;
use pupila_proto::accounts::v1::{
    self as proto, auth_service_client::AuthServiceClient,
    notification_service_client::NotificationServiceClient, user_service_client::UserServiceClient,
};
use pupila_runtime::{
    context::RequestContext,
    identity::{Credential, Guard, Verifier},
    rpc::RpcError,
    transport::{self, Transport},
};
use tonic::{Request, Response, Status};

const TIMEOUT: Duration = Duration::from_secs(60);
const NOON: &str = "2026-11-23T12:00:00.123456Z";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Where everybody is.
pub(crate) const HOME: &str = "192.0.2.1";

/// A clock that moves by a microsecond whenever somebody looks, so that what comes later is later.
pub(crate) struct TickingClock(ManualClock);

impl TickingClock {
    /// Moves the clock on.
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.0.advance(by);
    }
}

impl Clock for TickingClock {
    fn now(&self) -> Timestamp {
        self.0.advance(SignedDuration::from_micros(1));
        self.0.now()
    }
}

/// A process of accounts.
pub(crate) struct TestAccounts {
    pub(crate) auth: AuthServiceClient<Transport>,
    pub(crate) users: UserServiceClient<Transport>,
    pub(crate) notifications: NotificationServiceClient<Transport>,
    pub(crate) clock: Arc<TickingClock>,
    pub(crate) keys: AccountsKeys,
    pub(crate) housekeeping: Housekeeping,
    pub(crate) erasure: Option<Erasure>,
    pub(crate) config: AccountsConfig,
    pub(crate) database: Arc<TestDatabase>,
}

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) tokens: proto::Tokens,
}

impl TestAccounts {
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    pub(crate) async fn mysql() -> Self {
        Self::on(TestDatabase::mysql_for("accounts").await).await
    }

    async fn on(database: TestDatabase) -> Self {
        let mut config = AccountsConfig {
            database: database.config.clone(),
            ..AccountsConfig::default()
        };
        // Tests are about the rules, not about the cost.
        config.passwords.memory_kib = 64;
        config.passwords.iterations = 1;
        let clock = ManualClock::at(NOON.parse().expect("a time"));
        let clock = Arc::new(TickingClock(clock));
        Self::start(config, clock, Arc::new(database)).await
    }

    async fn start(
        config: AccountsConfig,
        clock: Arc<TickingClock>,
        database: Arc<TestDatabase>,
    ) -> Self {
        let accounts = open(&config, clock.clone()).await.expect("opened");
        let guard = Guard::new(Verifier::new(accounts.keys.clone(), clock.clone()));
        let transport = transport::in_process(accounts.services, guard);
        Self {
            auth: AuthServiceClient::new(transport.clone()),
            users: UserServiceClient::new(transport.clone()),
            notifications: NotificationServiceClient::new(transport),
            clock,
            keys: accounts.keys,
            housekeeping: accounts.housekeeping,
            erasure: Some(accounts.erasure),
            config,
            database,
        }
    }

    /// One more process over the same database.
    pub(crate) async fn replica(&self) -> Self {
        self.configured(|_| {}).await
    }

    /// One more process over the same database, configured otherwise.
    pub(crate) async fn configured(&self, change: impl FnOnce(&mut AccountsConfig)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        Self::start(config, self.clock.clone(), Arc::clone(&self.database)).await
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Makes an account for `name@example.com`.
    pub(crate) async fn register(&self, name: &str) -> Result<(), RpcError> {
        let message = proto::RegisterRequest {
            email: email(name),
            password: PASSWORD.to_owned(),
            display_name: name.to_owned(),
            language: String::new(),
        };
        let answer = self.auth.clone().register(nobody(message)).await;
        told(answer).map(drop)
    }

    /// Begins a session for `name@example.com`.
    pub(crate) async fn sign_in(&self, name: &str) -> Result<Person, RpcError> {
        self.sign_in_with(name, PASSWORD).await
    }

    /// Begins a session for `name@example.com`, or tries to.
    pub(crate) async fn sign_in_with(
        &self,
        name: &str,
        password: &str,
    ) -> Result<Person, RpcError> {
        let answer = self.knock(name, password, HOME).await?;
        let tokens = answer.tokens.expect("tokens");
        let mut person = Person {
            id: String::new(),
            tokens,
        };
        person.id = self.me(&person).await?.id;
        Ok(person)
    }

    /// Tries to begin a session for `name@example.com` from an address.
    pub(crate) async fn knock(
        &self,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<proto::SignInResponse, RpcError> {
        let message = proto::SignInRequest {
            email: email(name),
            password: password.to_owned(),
            user_agent: "Firefox".to_owned(),
        };
        told(self.auth.clone().sign_in(from(address, message)).await)
    }

    /// Somebody new.
    pub(crate) async fn person(&self, name: &str) -> Person {
        self.register(name).await.expect("registered");
        self.sign_in(name).await.expect("signed in")
    }

    /// The first of all, who administers.
    pub(crate) async fn administrator(&self) -> Person {
        self.person("admin").await
    }

    /// The caller's own account.
    pub(crate) async fn me(&self, person: &Person) -> Result<proto::User, RpcError> {
        let call = person.call(proto::GetMeRequest {});
        let answer = told(self.users.clone().get_me(call).await)?;
        Ok(answer.user.expect("a user"))
    }

    /// A user, as an administrator sees them.
    pub(crate) async fn user(&self, admin: &Person, id: &str) -> Result<proto::User, RpcError> {
        let call = admin.call(proto::GetUserRequest { id: id.to_owned() });
        let answer = told(self.users.clone().get_user(call).await)?;
        Ok(answer.user.expect("a user"))
    }

    /// Changes what a user may do.
    pub(crate) async fn update_user(
        &self,
        admin: &Person,
        message: proto::UpdateUserRequest,
    ) -> Result<proto::User, RpcError> {
        let answer = told(self.users.clone().update_user(admin.call(message)).await)?;
        Ok(answer.user.expect("a user"))
    }

    /// Trades the person's refresh token.
    pub(crate) async fn refresh(&self, person: &Person) -> Result<Person, RpcError> {
        let message = proto::RefreshRequest {
            refresh_token: person.tokens.refresh_token.clone(),
        };
        let answer = told(self.auth.clone().refresh(nobody(message)).await)?;
        Ok(Person {
            tokens: answer.tokens.expect("tokens"),
            ..person.clone()
        })
    }

    /// The first page of the record.
    pub(crate) async fn record(&self, admin: &Person) -> Vec<proto::AuditEntry> {
        let message = proto::ListAuditRequest {
            page_size: 200,
            ..proto::ListAuditRequest::default()
        };
        let answer = told(self.users.clone().list_audit(admin.call(message)).await);
        answer.expect("the record").entries
    }

    /// What the record says was done, the newest first.
    pub(crate) async fn actions(&self, admin: &Person) -> Vec<String> {
        let entries = self.record(admin).await.into_iter();
        entries.map(|entry| entry.action).collect()
    }
}

impl Person {
    /// A call of theirs.
    pub(crate) fn call<T>(&self, message: T) -> Request<T> {
        call(self.access(), Some(HOME), message)
    }

    /// Their access token.
    pub(crate) fn access(&self) -> Credential {
        let access = self.tokens.access.as_ref();
        Credential::bearer(&access.expect("an access token").token)
    }

    /// Their session, as a token of which it is.
    pub(crate) fn session(&self) -> &str {
        &self.tokens.session_id
    }
}

/// A call of nobody's, from home.
pub(crate) fn nobody<T>(message: T) -> Request<T> {
    from(HOME, message)
}

/// A call of nobody's, from an address.
pub(crate) fn from<T>(address: &str, message: T) -> Request<T> {
    call(Credential::NONE, Some(address), message)
}

/// A call with a token.
pub(crate) fn call<T>(credential: Credential, address: Option<&str>, message: T) -> Request<T> {
    let address = address.map(|address| address.parse::<IpAddr>().expect("an address"));
    let context = RequestContext {
        request_id: RequestId::accept("req-1").expect("plain"),
        credential,
        address,
    };
    context.call(message, TIMEOUT)
}

/// What an answer tells, as callers read it.
pub(crate) fn told<T>(answer: Result<Response<T>, Status>) -> Result<T, RpcError> {
    Ok(answer?.into_inner())
}

/// Why a call was refused.
pub(crate) fn reason<T: std::fmt::Debug>(answer: Result<T, RpcError>) -> String {
    answer.expect_err("refused").reason
}

/// The address of `name`.
pub(crate) fn email(name: &str) -> String {
    format!("{name}@example.com")
}
