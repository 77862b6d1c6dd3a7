//! How long a server may say nothing. Never how long something takes: an upload may take hours, as long as it moves.

use std::{pin::pin, time::Duration};

use futures_util::{Stream, StreamExt as _, stream};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::ServerError;

/// To make a connection.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// To answer a question, and to answer when all of an upload is sent. A server gives up on most requests after 60 s
/// (`gateway.limits.request_timeout_seconds`), and says so.
pub(super) const ANSWER: Duration = Duration::from_secs(90);
/// Between two signs of life in a stream of events: the server sends a comment every 15 s.
pub(super) const EVENTS: Duration = Duration::from_secs(45);

/// What `answer` comes to, unless it takes longer than `patience`.
///
/// # Errors
/// It does, or what it comes to.
pub(super) async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, ServerError>>,
) -> Result<T, ServerError> {
    let answer = timeout(patience, answer).await;
    answer.unwrap_or(Err(ServerError::Silent(patience)))
}

/// What the answer to an upload comes to, unless nothing of it moves for [`ANSWER`]. `sent` is told of each piece.
///
/// # Errors
/// Nothing does, or what it comes to.
pub(super) async fn while_it_moves<T>(
    sent: &Notify,
    answer: impl Future<Output = Result<T, ServerError>>,
) -> Result<T, ServerError> {
    let mut answer = pin!(answer);
    loop {
        tokio::select! {
            answer = &mut answer => return answer,
            () = sent.notified() => {}
            () = sleep(ANSWER) => return Err(ServerError::Silent(ANSWER)),
        }
    }
}

/// The pieces until none has come for [`EVENTS`].
pub(super) fn until_silent<S: Stream>(pieces: S) -> impl Stream<Item = S::Item> {
    stream::unfold(Box::pin(pieces), |mut pieces| async {
        let piece = timeout(EVENTS, pieces.next()).await;
        piece.ok().flatten().map(|piece| (piece, pieces))
    })
}

#[cfg(test)]
mod tests {
    use std::{future::pending, iter};

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_upload_may_take_as_long_as_it_moves() {
        let sent = Notify::new();
        let start = Instant::now();
        let slow = async {
            for _ in 0..10 {
                sleep(ANSWER / 2).await;
                sent.notify_one();
            }
            pending::<Result<(), ServerError>>().await
        };
        let answer = while_it_moves(&sent, slow).await;
        assert!(matches!(answer, Err(ServerError::Silent(_))), "{answer:?}");
        assert_eq!(start.elapsed(), ANSWER * 6, "ten pieces, and then none");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_says_nothing_has_ended() {
        let alive = stream::iter(iter::repeat_n((), 4)).then(|()| sleep(EVENTS / 3));
        let start = Instant::now();
        let pieces = until_silent(alive.chain(stream::pending())).count().await;
        assert_eq!((pieces, start.elapsed()), (4, EVENTS * 7 / 3));
    }
}
