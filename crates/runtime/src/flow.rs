//! How much of what a process has not read yet it takes from a connection between services.
//!
//! All calls from one process to another share a connection. HTTP/2 has a window for each stream and one for the connection (RFC 9113,
//! 5.2): what has come but was not read counts in both. With a small window for the connection, a few answers that nobody reads, of
//! downloads that stand still, would leave no room for any other call. So only the streams are bounded.

/// Unread bytes of one stream: enough to keep a network between machines busy, little enough for many that stand still.
pub(crate) const STREAM_WINDOW: u32 = 256 << 10;
/// Unread bytes of a connection: the most that HTTP/2 allows, in effect without a bound of its own.
pub(crate) const CONNECTION_WINDOW: u32 = (1 << 31) - 1;
/// Streams of a connection: more than a gateway has requests that wait for their readers.
pub(crate) const MAX_STREAMS: u32 = 16 << 10;

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use futures_util::stream;
    use pupila_core::SystemClock;
    use tokio_util::sync::CancellationToken;
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    use tonic_reflection::pb::v1::{
        ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest,
    };

    use crate::{
        grpc::{self, RpcServices},
        identity::{Guard, VerificationKey, Verifier},
        readiness::Parts,
        transport,
    };

    /// Answers that are asked for and not read, of some kilobytes each.
    const QUESTIONS: usize = 10_000;
    /// Calls that are in a hurry.
    const CHECKS: usize = 1000;

    #[tokio::test]
    async fn answers_that_nobody_reads_are_in_nobodys_way() {
        let nobody = Verifier::new(Vec::<VerificationKey>::new(), Arc::new(SystemClock));
        let (address, serving) = grpc::serve(
            "127.0.0.1:0".parse().expect("an address"),
            RpcServices::default(),
            Guard::new(nobody),
            Parts::default(),
            CancellationToken::new(),
        )
        .await
        .expect("it listens");
        let serving = tokio::spawn(serving);
        let transport = transport::remote(&format!("http://{address}")).expect("an address");
        let mut unread = Vec::new();
        for _ in 0..40 {
            let question = ServerReflectionRequest {
                host: String::new(),
                message_request: Some(MessageRequest::FileContainingSymbol(
                    "pupila.history.v1.JobService".to_owned(),
                )),
            };
            let questions = stream::iter(std::iter::repeat_n(question, QUESTIONS));
            let answer = ServerReflectionClient::new(transport.clone())
                .server_reflection_info(questions)
                .await;
            unread.push(answer.expect("it is there"));
        }
        let mut health = HealthClient::new(transport);
        // While these are answered, so are the others, as far as there is room for them.
        for _ in 0..CHECKS {
            let answer = health.check(HealthCheckRequest::default());
            let answer = tokio::time::timeout(Duration::from_secs(30), answer).await;
            answer.expect("in time").expect("it is there");
        }
        drop(unread);
        serving.abort();
    }
}
