//! gRPC services with those of their methods that a worker calls.

use std::{convert::Infallible, pin::Pin};

use futures_util::FutureExt as _;
use pupila_core::{ErrorCode, Fault};
use tonic::{
    body::Body,
    codegen::http,
    server::{ClientStreamingService, Grpc, ServerStreamingService, UnaryService},
};
use tonic_prost::ProstCodec;

/// What a service answers in the place of what was asked for.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("refused")]
pub(crate) struct Refusal(pub(crate) ErrorCode, pub(crate) &'static str);

impl Fault for Refusal {
    fn code(&self) -> ErrorCode {
        self.0
    }

    fn reason(&self) -> &'static str {
        self.1
    }
}

pub(crate) type Answer =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

pub(crate) fn unary<M, R, S>(method: S, request: http::Request<Body>) -> Answer
where
    M: prost::Message + Default + Send + 'static,
    R: prost::Message + Default + Send + 'static,
    S: UnaryService<M, Response = R> + Send + 'static,
    S::Future: Send,
{
    let codec = ProstCodec::<R, M>::default();
    async move { Ok(Grpc::new(codec).unary(method, request).await) }.boxed()
}

pub(crate) fn download<M, R, S>(method: S, request: http::Request<Body>) -> Answer
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

pub(crate) fn upload<M, R, S>(method: S, request: http::Request<Body>) -> Answer
where
    M: prost::Message + Default + Send + 'static,
    R: prost::Message + Default + Send + 'static,
    S: ClientStreamingService<M, Response = R> + Send + 'static,
    S::Future: Send,
{
    let codec = ProstCodec::<R, M>::default();
    async move { Ok(Grpc::new(codec).client_streaming(method, request).await) }.boxed()
}

/// Makes `$state` a gRPC service. Its methods take it by value.
macro_rules! service {
    ($service:ident($state:ty), $name:literal, $($path:literal => $kind:ident $method:ident),+ $(,)?) => {
        #[derive(Clone)]
        struct $service($state);

        impl tonic::server::NamedService for $service {
            const NAME: &'static str = $name;
        }

        impl tower::Service<tonic::codegen::http::Request<tonic::body::Body>> for $service {
            type Response = tonic::codegen::http::Response<tonic::body::Body>;
            type Error = std::convert::Infallible;
            type Future = crate::service::Answer;

            fn poll_ready(
                &mut self,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Result<(), Self::Error>> {
                std::task::Poll::Ready(Ok(()))
            }

            fn call(
                &mut self,
                request: tonic::codegen::http::Request<tonic::body::Body>,
            ) -> Self::Future {
                let state = self.0.clone();
                match request.uri().path().rsplit('/').next() {
                    $(Some($path) => {
                        let method = move |request| state.clone().$method(request);
                        crate::service::$kind(tower::service_fn(method), request)
                    })+
                    method => panic!("{method:?} is not asked for"),
                }
            }
        }
    };
}
pub(crate) use service;
