//! Group commit: while one transaction is in flight, what comes in meanwhile is gathered and goes into the next one. Who
//! comes alone waits for nobody.

use std::{panic::AssertUnwindSafe, sync::Arc};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use tokio::sync::{mpsc, oneshot};

use super::JobError;

/// Requests that may wait to be gathered; who comes then waits to be let in.
const WAITING: usize = 1_024;
/// Most rows that go together: more would hold everybody up.
const MOST: usize = 1_000;

/// How requests of one kind are served together.
#[async_trait]
pub(crate) trait Together: Send + Sync + 'static {
    type Request: Send + Sync;
    type Reply: Send;

    /// About how many rows a request is about.
    fn weight(request: &Self::Request) -> usize;

    /// Serves requests together or not at all; the replies come in their order.
    async fn serve(&self, requests: &[Self::Request]) -> Result<Vec<Self::Reply>, JobError>;
}

/// The way in. Its clones lead to the same place.
pub(crate) struct Gate<T: Together> {
    waiting: mpsc::Sender<Waiting<T>>,
}

struct Waiting<T: Together> {
    request: T::Request,
    reply: oneshot::Sender<Result<T::Reply, JobError>>,
}

impl<T: Together> Gate<T> {
    /// Serves what comes in until the last way in is dropped.
    pub(crate) fn open(together: Arc<T>) -> Self {
        let (waiting, coming) = mpsc::channel(WAITING);
        tokio::spawn(serve(together, coming));
        Self { waiting }
    }

    /// Has a request served with whatever others there are. It is served even if nobody waits for the reply any more.
    pub(crate) async fn call(&self, request: T::Request) -> Result<T::Reply, JobError> {
        let (reply, answered) = oneshot::channel();
        let waiting = Waiting { request, reply };
        let sent = self.waiting.send(waiting).await;
        sent.map_err(|_| JobError::Stopping)?;
        answered.await.map_err(|_| JobError::Stopping)?
    }
}

impl<T: Together> Clone for Gate<T> {
    fn clone(&self) -> Self {
        Self {
            waiting: self.waiting.clone(),
        }
    }
}

async fn serve<T: Together>(together: Arc<T>, mut coming: mpsc::Receiver<Waiting<T>>) {
    while let Some(first) = coming.recv().await {
        let mut weight = T::weight(&first.request);
        let mut requests = vec![first.request];
        let mut replies = vec![first.reply];
        while weight < MOST
            && let Ok(next) = coming.try_recv()
        {
            weight += T::weight(&next.request);
            requests.push(next.request);
            replies.push(next.reply);
        }
        let answers = answer(&*together, &requests).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Who went away wants no reply.
            let _ = reply.send(answer);
        }
    }
}

/// Each request's answer. One that the database refuses, or that hits a defect, must not fail its neighbours: then each is
/// tried by itself.
async fn answer<T: Together>(
    together: &T,
    requests: &[T::Request],
) -> Vec<Result<T::Reply, JobError>> {
    match try_serve(together, requests).await {
        Ok(replies) => replies.into_iter().map(Ok).collect(),
        Err(JobError::Store(_) | JobError::Encoding(_) | JobError::Panicked)
            if requests.len() > 1 =>
        {
            let mut answers = Vec::with_capacity(requests.len());
            for request in requests {
                let reply = try_serve(together, std::slice::from_ref(request)).await;
                answers.push(
                    reply.and_then(|replies| replies.into_iter().next().ok_or(JobError::Stopping)),
                );
            }
            answers
        }
        Err(error) => requests.iter().map(|_| Err(error.clone())).collect(),
    }
}

/// Serves requests; a panic is theirs alone, and whoever comes after them is served.
async fn try_serve<T: Together>(
    together: &T,
    requests: &[T::Request],
) -> Result<Vec<T::Reply>, JobError> {
    let serving = AssertUnwindSafe(together.serve(requests)).catch_unwind();
    serving.await.unwrap_or_else(|_| {
        tracing::error!(requests = requests.len(), "a batch of requests panicked");
        Err(JobError::Panicked)
    })
}

#[cfg(test)]
mod tests;
