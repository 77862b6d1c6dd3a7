//! Other services that keep what users own: real servers, which are away, or slow, as a story wants it.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use pupila_proto::images::v1::{EraseUserRequest, EraseUserResponse};
use pupila_runtime::{
    grpc::{self, RpcServices},
    identity::{self, Guard, Verifier},
    readiness::Parts,
    transport::{self, Transport},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, body::Body, codegen::http, server::NamedService};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use crate::fixtures::TestAccounts;

/// What a service does when it is asked to erase a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Erases,
    IsAway,
    NeverAnswers,
}

/// Images and history, as accounts reaches them.
pub(crate) struct Owners {
    pub(crate) images: Transport,
    pub(crate) history: Transport,
    /// Who was asked to erase whom, such as `images 0190…`.
    pub(crate) asked: mpsc::UnboundedReceiver<String>,
    stop: CancellationToken,
}

impl Owners {
    /// Two servers behind the guard of `accounts`. Each has the first of its moods at the first call, and the last for
    /// good.
    pub(crate) async fn start(accounts: &TestAccounts, images: &[Mood], history: &[Mood]) -> Self {
        let (sender, asked) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let images = Images(Owner::new("images", images, sender.clone()));
        let history = History(Owner::new("history", history, sender));
        let serve = async |services| {
            let verifier = Verifier::new(accounts.keys.clone(), accounts.clock.clone());
            let address = SocketAddr::from(([127, 0, 0, 1], 0));
            let guard = Guard::new(verifier);
            let serving = grpc::serve(address, services, guard, Parts::default(), stop.clone());
            let (address, serving) = serving.await.expect("a port");
            tokio::spawn(serving);
            transport::remote(&format!("http://{address}")).expect("an address")
        };
        Self {
            images: serve(RpcServices::default().with(images)).await,
            history: serve(RpcServices::default().with(history)).await,
            asked,
            stop: stop.clone(),
        }
    }

    /// Who is asked next.
    pub(crate) async fn next(&mut self) -> String {
        self.asked.recv().await.expect("they are there")
    }
}

impl Drop for Owners {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[derive(Clone)]
struct Owner {
    name: &'static str,
    moods: Arc<[Mood]>,
    calls: Arc<AtomicUsize>,
    asked: mpsc::UnboundedSender<String>,
}

impl Owner {
    fn new(name: &'static str, moods: &[Mood], asked: mpsc::UnboundedSender<String>) -> Self {
        Self {
            name,
            moods: moods.into(),
            calls: Arc::default(),
            asked,
        }
    }

    async fn erase(
        self,
        request: Request<EraseUserRequest>,
    ) -> Result<Response<EraseUserResponse>, Status> {
        let call = identity::call(request.extensions())?;
        assert_eq!(format!("{:?}", call.caller), "Service(\"accounts\")");
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let mood = self.moods[number.min(self.moods.len() - 1)];
        let asked = format!("{} {}", self.name, request.get_ref().user_id);
        let _ = self.asked.send(asked);
        match mood {
            Mood::Erases => Ok(Response::new(EraseUserResponse {})),
            Mood::IsAway => Err(Status::unavailable("not now")),
            Mood::NeverAnswers => std::future::pending().await,
        }
    }

    fn answer(self, request: http::Request<Body>) -> Answer {
        assert!(request.uri().path().ends_with("/EraseUser"));
        Box::pin(async move {
            let codec = ProstCodec::<EraseUserResponse, EraseUserRequest>::default();
            let erase = service_fn(move |request| self.clone().erase(request));
            Ok(tonic::server::Grpc::new(codec).unary(erase, request).await)
        })
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

/// One of the two, under its name.
macro_rules! owner {
    ($owner:ident, $name:literal) => {
        #[derive(Clone)]
        struct $owner(Owner);

        impl NamedService for $owner {
            const NAME: &'static str = $name;
        }

        impl Service<http::Request<Body>> for $owner {
            type Response = http::Response<Body>;
            type Error = Infallible;
            type Future = Answer;

            fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
                Poll::Ready(Ok(()))
            }

            fn call(&mut self, request: http::Request<Body>) -> Answer {
                self.0.clone().answer(request)
            }
        }
    };
}

owner!(Images, "pupila.images.v1.ImageService");
owner!(History, "pupila.history.v1.HistoryService");
