//! What images asks of accounts: a real server behind the real guard, which is away, or shares something, as a story
//! wants it. The whole of accounts is asked in the end-to-end tests.

use std::{
    collections::HashSet,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use futures_util::FutureExt as _;
use jiff::SignedDuration;
use prost_types::Timestamp;
use pupila_core::{Caller, Clock as _};
use pupila_proto::accounts::v1::{
    AccessToken, CheckSharesRequest, CheckSharesResponse, ForgetImagesRequest,
    ForgetImagesResponse, SignInServiceRequest, SignInServiceResponse,
};
use pupila_runtime::{
    grpc::RpcServices,
    identity,
    transport::{self, Transport},
};
use tokio::sync::{Notify, mpsc};
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::http,
    server::{Grpc, NamedService, UnaryService},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use crate::{harness::Keys, user::TestUser};

/// What images asks of accounts.
#[derive(Clone)]
pub(crate) struct Accounts(Arc<Inner>);

struct Inner {
    keys: Keys,
    state: Mutex<State>,
    /// Rung whenever somebody calls in vain.
    knocked: Notify,
    forgotten: mpsc::UnboundedSender<Vec<String>>,
    /// Which images accounts is told to forget.
    told: tokio::sync::Mutex<mpsc::UnboundedReceiver<Vec<String>>>,
}

#[derive(Default)]
struct State {
    is_away: bool,
    /// Who sees what: a user or an album, and an image.
    shared: HashSet<(String, String)>,
    /// How many images each call asked about.
    asked: Vec<usize>,
}

impl Accounts {
    pub(crate) fn new(keys: Keys) -> Self {
        let (forgotten, told) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            keys,
            state: Mutex::default(),
            knocked: Notify::new(),
            forgotten,
            told: tokio::sync::Mutex::new(told),
        }))
    }

    pub(crate) fn transport(&self) -> Transport {
        let services = RpcServices::default()
            .with(Albums(self.clone()))
            .with(Auth(self.clone()));
        transport::in_process(services, self.0.keys.guard())
    }

    /// The owner of the image has put it into an album that `viewer` sees.
    pub(crate) fn share(&self, image: &str, viewer: &TestUser) {
        let share = (viewer.id.clone(), image.to_owned());
        self.state().shared.insert(share);
    }

    pub(crate) fn go_away(&self) {
        self.state().is_away = true;
    }

    pub(crate) fn come_back(&self) {
        self.state().is_away = false;
    }

    /// How many images each call asked about.
    pub(crate) fn asked(&self) -> Vec<usize> {
        self.state().asked.clone()
    }

    /// The images that accounts is told to forget next.
    pub(crate) async fn told(&self) -> Vec<String> {
        let mut told = self.0.told.lock().await;
        told.recv().await.expect("the sender lives")
    }

    /// Waits until somebody called in vain.
    pub(crate) async fn knocked(&self) {
        self.0.knocked.notified().await;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().expect("not poisoned")
    }

    fn expect_open(&self) -> Result<(), Status> {
        if self.state().is_away {
            self.0.knocked.notify_one();
            return Err(Status::unavailable("not now"));
        }
        Ok(())
    }

    async fn check_shares(
        self,
        request: Request<CheckSharesRequest>,
    ) -> Result<Response<CheckSharesResponse>, Status> {
        self.expect_open()?;
        let viewer = match &identity::call(request.extensions())?.caller {
            Caller::User(user) => user.id.to_string(),
            Caller::Guest(guest) => guest.album.to_string(),
            caller => panic!("{caller:?}"),
        };
        let images = request.into_inner().images;
        let mut state = self.state();
        state.asked.push(images.len());
        let shared = images
            .into_iter()
            .map(|image| (viewer.clone(), image.image_id))
            .filter(|share| state.shared.contains(share));
        let image_ids = shared.map(|(_, image)| image).collect();
        Ok(Response::new(CheckSharesResponse { image_ids }))
    }

    async fn forget_images(
        self,
        request: Request<ForgetImagesRequest>,
    ) -> Result<Response<ForgetImagesResponse>, Status> {
        self.expect_open()?;
        let _ = self.0.forgotten.send(request.into_inner().image_ids);
        Ok(Response::new(ForgetImagesResponse {}))
    }

    async fn sign_in_service(
        self,
        request: Request<SignInServiceRequest>,
    ) -> Result<Response<SignInServiceResponse>, Status> {
        let SignInServiceRequest { service, secret } = request.into_inner();
        assert_eq!((&*service, &*secret), ("images", "secret"));
        let end = self.0.keys.clock.now() + SignedDuration::from_hours(1);
        let access = AccessToken {
            token: self.0.keys.token(&Caller::Service(service)),
            expire_time: Some(Timestamp {
                seconds: end.as_second(),
                nanos: 0,
            }),
        };
        Ok(Response::new(SignInServiceResponse {
            access: Some(access),
        }))
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

/// A gRPC service with those of its methods that images calls.
macro_rules! service {
    ($service:ident, $name:literal, $($path:literal => $method:ident),+) => {
        #[derive(Clone)]
        struct $service(Accounts);

        impl NamedService for $service {
            const NAME: &'static str = $name;
        }

        impl Service<http::Request<Body>> for $service {
            type Response = http::Response<Body>;
            type Error = Infallible;
            type Future = Answer;

            fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
                Poll::Ready(Ok(()))
            }

            fn call(&mut self, request: http::Request<Body>) -> Answer {
                let accounts = self.0.clone();
                match request.uri().path().rsplit('/').next() {
                    $(Some($path) => {
                        let method = move |request| accounts.clone().$method(request);
                        unary(service_fn(method), request)
                    })+
                    method => panic!("{method:?} is not asked for"),
                }
            }
        }
    };
}

service!(
    Albums,
    "pupila.accounts.v1.AlbumService",
    "CheckShares" => check_shares,
    "ForgetImages" => forget_images
);
service!(
    Auth,
    "pupila.accounts.v1.AuthService",
    "SignInService" => sign_in_service
);
