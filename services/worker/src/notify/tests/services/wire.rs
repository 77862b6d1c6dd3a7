//! gRPC services with some of their methods.

use std::{convert::Infallible, pin::Pin};

use futures_util::FutureExt as _;
use tonic::{
    body::Body,
    codegen::http,
    server::{Grpc, ServerStreamingService, UnaryService},
};
use tonic_prost::ProstCodec;

pub(super) type HttpAnswer =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

pub(super) fn unary<M, R, S>(method: S, request: http::Request<Body>) -> HttpAnswer
where
    M: prost::Message + Default + Send + 'static,
    R: prost::Message + Default + Send + 'static,
    S: UnaryService<M, Response = R> + Send + 'static,
    S::Future: Send,
{
    let codec = ProstCodec::<R, M>::default();
    async move { Ok(Grpc::new(codec).unary(method, request).await) }.boxed()
}

pub(super) fn streaming<M, R, S>(method: S, request: http::Request<Body>) -> HttpAnswer
where
    M: prost::Message + Default + Send + 'static,
    R: prost::Message + Default + Send + 'static,
    S: ServerStreamingService<M, Response = R> + Send + 'static,
    S::ResponseStream: Send + 'static,
    S::Future: Send,
{
    let codec = ProstCodec::<R, M>::default();
    async move { Ok(Grpc::new(codec).server_streaming(method, request).await) }.boxed()
}

/// A gRPC service with those of its methods that a notifier calls.
macro_rules! service {
    ($service:ident, $name:literal, $($path:literal => $kind:ident $method:ident),+) => {
        #[derive(Clone)]
        struct $service(Services);

        impl NamedService for $service {
            const NAME: &'static str = $name;
        }

        impl Service<http::Request<Body>> for $service {
            type Response = http::Response<Body>;
            type Error = Infallible;
            type Future = HttpAnswer;

            fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
                Poll::Ready(Ok(()))
            }

            fn call(&mut self, request: http::Request<Body>) -> HttpAnswer {
                let services = self.0.clone();
                match request.uri().path().rsplit('/').next() {
                    $(Some($path) => {
                        let method = move |request| services.clone().$method(request);
                        $kind(service_fn(method), request)
                    })+
                    method => panic!("{method:?} is not asked for"),
                }
            }
        }
    };
}
pub(super) use service;
