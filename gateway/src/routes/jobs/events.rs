//! Jobs as they change, as server-sent events.

pub(super) mod of_all;
pub(super) mod of_job;

use axum::response::sse::Event;
use futures_util::{
    Stream, StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_runtime::rpc::RpcError;
use serde::Serialize;
use tonic::Status;

/// The event of a job that changed.
const JOB: &str = "job";
/// The event after which nothing more comes of a job.
const END: &str = "end";

/// Makes events of what a service tells, and of its word that this was all (`None`). Where it fails instead, the stream
/// just ends: who listens comes again.
fn told<M: Send + 'static>(
    messages: impl Stream<Item = Result<M, Status>> + Send + 'static,
    mut events: impl FnMut(Option<M>) -> Result<Vec<Event>, axum::Error> + Send + 'static,
) -> BoxStream<'static, Event> {
    let end = stream::iter([Ok(None)]);
    let batches = messages.map_ok(Some).chain(end).map(move |message| {
        let message = message.map_err(RpcError::from);
        let message = message.inspect_err(|error| {
            tracing::info!(%error, "an event stream ended early");
        });
        let batch = events(message.ok()?);
        batch
            .inspect_err(|error| tracing::error!(%error, "an event cannot be written"))
            .ok()
    });
    let batches = batches.take_while(|batch| std::future::ready(batch.is_some()));
    batches
        .flat_map(|batch| stream::iter(batch.unwrap_or_default()))
        .boxed()
}

fn event(name: &str, id: &str, data: &impl Serialize) -> Result<Event, axum::Error> {
    Event::default().event(name).id(id).json_data(data)
}

#[cfg(test)]
mod tests;
