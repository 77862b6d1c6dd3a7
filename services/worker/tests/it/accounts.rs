//! What a worker asks of accounts.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use futures_util::FutureExt as _;
use jiff::SignedDuration;
use pupila_core::Caller;
use pupila_proto::accounts::v1::{AccessToken, SignInServiceRequest, SignInServiceResponse};
use pupila_runtime::{
    grpc::RpcServices,
    transport::{self, Transport},
};
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::http,
    server::{Grpc, NamedService, UnaryService},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use crate::keys::Keys;

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
        self.state.lock().expect("not poisoned").is_away = true;
    }

    pub(crate) fn come_back(&self) {
        self.state.lock().expect("not poisoned").is_away = false;
    }

    async fn sign_in_service(
        self,
        request: Request<SignInServiceRequest>,
    ) -> Result<Response<SignInServiceResponse>, Status> {
        if self.state.lock().expect("not poisoned").is_away {
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

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

fn unary<M, R, S>(method: S, request: http::Request<Body>) -> Answer
where
    M: prost::Message + Default + Send + 'static,
    R: prost::Message + Default + Send + 'static,
    S: UnaryService<M, Response = R> + Send + 'static,
    S::Future: Send,
{
    let codec = ProstCodec::<R, M>::default();
    async move { Ok(Grpc::new(codec).unary(method, request).await) }.boxed()
}

/// The methods of AuthService that a worker calls.
#[derive(Clone)]
struct Auth(Accounts);

impl NamedService for Auth {
    const NAME: &'static str = "pupila.accounts.v1.AuthService";
}

impl Service<http::Request<Body>> for Auth {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Answer {
        let accounts = self.0.clone();
        match request.uri().path().rsplit('/').next() {
            Some("SignInService") => {
                let method = move |request| accounts.clone().sign_in_service(request);
                unary(service_fn(method), request)
            }
            method => panic!("{method:?} is not asked for"),
        }
    }
}
