//! What a worker asks of accounts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use jiff::SignedDuration;
use pupila_core::{Caller, Role, Scope, User};
use pupila_proto::accounts::v1::{
    AccessToken, ActForUserRequest, ActForUserResponse, SignInServiceRequest, SignInServiceResponse,
};
use pupila_runtime::{
    grpc::RpcServices,
    rpc::into_status,
    transport::{self, Transport},
};
use tonic::{Request, Response, Status};

use crate::{
    keys::Keys,
    service::{Refusal, service},
};

const LIFETIME: SignedDuration = SignedDuration::from_hours(10_000);

/// What a worker asks of accounts.
#[derive(Clone)]
pub(crate) struct Accounts {
    keys: Keys,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_away: bool,
    /// What it says of some users.
    refused: HashMap<String, Refusal>,
    /// For whom a token was asked.
    asked: Vec<String>,
}

impl Accounts {
    pub(crate) fn new(keys: Keys) -> Self {
        Self {
            keys,
            state: Arc::default(),
        }
    }

    pub(crate) fn transport(&self) -> Transport {
        let services = RpcServices::default().with(Auth(self.clone()));
        transport::in_process(services, self.keys.guard())
    }

    pub(crate) fn go_away(&self) {
        self.state().is_away = true;
    }

    pub(crate) fn come_back(&self) {
        self.state().is_away = false;
    }

    /// Will not let anybody act for the user.
    pub(crate) fn refuse(&self, user: &str, refusal: Refusal) {
        self.state().refused.insert(user.to_owned(), refusal);
    }

    /// For whom tokens were asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    async fn act_for_user(
        self,
        request: Request<ActForUserRequest>,
    ) -> Result<Response<ActForUserResponse>, Status> {
        let id = request.into_inner().user_id;
        let mut state = self.state();
        state.asked.push(id.clone());
        if let Some(refusal) = state.refused.get(&id) {
            return Err(into_status(*refusal));
        }
        let user = User {
            id: id.parse().expect("an id"),
            role: Role::User,
            scopes: Scope::ALL.into_iter().collect(),
            session: None,
        };
        Ok(Response::new(ActForUserResponse {
            access: Some(self.access(&Caller::User(user))),
        }))
    }

    async fn sign_in_service(
        self,
        request: Request<SignInServiceRequest>,
    ) -> Result<Response<SignInServiceResponse>, Status> {
        if self.state().is_away {
            return Err(Status::unavailable("not now"));
        }
        let SignInServiceRequest { service, secret } = request.into_inner();
        assert_eq!((&*service, &*secret), ("worker", "secret"));
        Ok(Response::new(SignInServiceResponse {
            access: Some(self.access(&Caller::Service(service))),
        }))
    }

    fn access(&self, caller: &Caller) -> AccessToken {
        let (token, end) = self.keys.token(caller, LIFETIME);
        AccessToken {
            token,
            expire_time: Some(prost_types::Timestamp {
                seconds: end.as_second(),
                nanos: 0,
            }),
        }
    }
}

service!(
    Auth(Accounts),
    "pupila.accounts.v1.AuthService",
    "SignInService" => unary sign_in_service,
    "ActForUser" => unary act_for_user,
);
