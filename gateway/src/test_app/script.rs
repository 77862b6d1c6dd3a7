//! Services that answer as they are told: real messages over gRPC, without a network.

use std::{collections::HashMap, sync::Arc};

use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::{
    Stream, StreamExt as _,
    stream::{self, BoxStream},
};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use prost::Message;
use pupila_runtime::transport::Transport;
use tonic::{Status, body::Body};

/// What is answered to the messages of a call.
type Answer = Arc<dyn Fn(Vec<Bytes>) -> BoxStream<'static, Result<Bytes, Status>> + Send + Sync>;

/// What is answered to the calls of each method; to all others, that nobody is there.
#[derive(Clone, Default)]
pub(crate) struct Script(HashMap<String, Answer>);

impl Script {
    /// Answers a method whose request and response are one message each.
    pub(crate) fn answer<Q: Message + Default, A: Message + 'static>(
        self,
        method: &str,
        answer: impl Fn(Q) -> Result<A, Status> + Send + Sync + 'static,
    ) -> Self {
        self.stream(method, move |request| {
            stream::iter([answer(request)]).boxed()
        })
    }

    /// Answers a method with a stream.
    pub(crate) fn stream<Q: Message + Default, A: Message + 'static>(
        self,
        method: &str,
        answer: impl Fn(Q) -> BoxStream<'static, Result<A, Status>> + Send + Sync + 'static,
    ) -> Self {
        self.upload(method, move |messages: Vec<Q>| {
            answer(messages.into_iter().next().unwrap_or_default())
        })
    }

    /// Answers a method whose request is a stream, when that has ended.
    pub(crate) fn upload<Q: Message + Default, A: Message + 'static>(
        mut self,
        method: &str,
        answer: impl Fn(Vec<Q>) -> BoxStream<'static, Result<A, Status>> + Send + Sync + 'static,
    ) -> Self {
        let answer = move |messages: Vec<Bytes>| {
            let messages = messages.into_iter();
            let messages = messages.map(|bytes| Q::decode(bytes).expect("a message"));
            let answers = answer(messages.collect());
            answers
                .map(|answer| answer.map(|message| framed(&message)))
                .boxed()
        };
        self.0.insert(method.to_owned(), Arc::new(answer));
        self
    }

    pub(super) fn transport(self) -> Transport {
        let script = Arc::new(self);
        Transport::new(tower::service_fn(move |request: Request<Body>| {
            let script = Arc::clone(&script);
            async move { Ok(script.call(request).await) }
        }))
    }

    async fn call(&self, request: Request<Body>) -> Response<Body> {
        let Some(answer) = self.0.get(request.uri().path()).cloned() else {
            return Status::unavailable("nobody is there").into_http();
        };
        let body = request.into_body().collect().await.expect("a body");
        let mut answers = answer(unframed(body.to_bytes()));
        // A refusal comes before the answer begins, as a service has it.
        let first = match answers.next().await {
            Some(Err(status)) => return status.into_http(),
            first => stream::iter(first),
        };
        let frames = first.chain(answers).map(Ok).chain(stream::iter([Err(())]));
        let frames = frames.scan(false, |ended, answer| {
            let frame = match answer {
                _ if *ended => None,
                Ok(Ok(bytes)) => Some(Frame::data(bytes)),
                Ok(Err(status)) => Some(trailers(ended, &status)),
                Err(()) => Some(trailers(ended, &Status::ok(""))),
            };
            std::future::ready(frame)
        });
        let mut response = Response::new(body_of(frames));
        let grpc = HeaderValue::from_static("application/grpc");
        response.headers_mut().insert(header::CONTENT_TYPE, grpc);
        response
    }
}

fn body_of(frames: impl Stream<Item = Frame<Bytes>> + Send + 'static) -> Body {
    Body::new(StreamBody::new(frames.map(Ok::<_, Status>)))
}

fn trailers(ended: &mut bool, status: &Status) -> Frame<Bytes> {
    *ended = true;
    let mut trailers = HeaderMap::new();
    status.add_header(&mut trailers).expect("a status");
    Frame::trailers(trailers)
}

/// A message as gRPC sends it: a flag, its length, and itself.
fn framed(message: &impl Message) -> Bytes {
    let mut bytes = BytesMut::new();
    bytes.put_u8(0);
    bytes.put_u32(u32::try_from(message.encoded_len()).expect("a short message"));
    message.encode(&mut bytes).expect("room");
    bytes.freeze()
}

fn unframed(mut bytes: Bytes) -> Vec<Bytes> {
    let mut messages = Vec::new();
    while bytes.len() >= 5 {
        let length = u32::from_be_bytes([bytes[1], bytes[2], bytes[3], bytes[4]]) as usize;
        let _head = bytes.split_to(5);
        messages.push(bytes.split_to(length));
    }
    messages
}
