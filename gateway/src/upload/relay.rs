//! Hands a file on to a service while it is still coming in.

use std::{
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::Stream;
use pupila_proto::images::v1::{
    ArchiveHeader, CreateArchiveRequest, CreateImageRequest, ImageHeader, PutAvatarRequest,
    create_archive_request, create_image_request, put_avatar_request,
};
use tokio::sync::mpsc;
use tonic::{Response, Status};

use super::form::{FormField, stalled};
use crate::{
    error::RequestError,
    problem::{Problem, message},
};

/// Bytes in one message, well under what a service takes (4 MiB).
const PIECE: usize = 256 << 10;

/// The messages of one upload.
///
/// They end only after the word that the file is whole: one that broke off must not look to the service like a shorter
/// one. They go with their call then, which is dropped.
pub(crate) struct Messages<M>(mpsc::Receiver<Option<M>>);

impl<M> Stream for Messages<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<M>> {
        match ready!(self.0.poll_recv(context)) {
            Some(message) => Poll::Ready(message),
            None => Poll::Pending,
        }
    }
}

/// A message of an upload.
pub(crate) trait UploadMessage: Send + 'static {
    /// What the first one tells.
    type Header;

    /// The first one.
    fn header(header: Self::Header) -> Self;
    /// The ones that follow.
    fn chunk(bytes: Bytes) -> Self;
}

/// Why a file was not stored.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was refused; what follows it in the form can be read.
    Refused(Problem),
    /// It has more bytes than it may, and what is left of it was not read.
    Oversized(Problem),
    /// It cannot be read further, and nothing after it can.
    Broken(Problem),
}

/// Sends `file` through `call`, as fast as the service takes it, and waits for the answer.
///
/// Neither side may pause for longer than `patience`.
pub(crate) async fn relay<M, T, F>(
    file: &mut FormField<'_>,
    header: M::Header,
    patience: Duration,
    call: impl FnOnce(Messages<M>) -> F,
) -> Result<T, Failure>
where
    M: UploadMessage,
    F: Future<Output = Result<Response<T>, Status>>,
{
    let first = file.next().await?;
    let first = first.ok_or_else(|| Failure::Refused(RequestError::EmptyFile.into()))?;
    let (pieces, messages) = mpsc::channel(1);
    let mut answer = pin!(call(Messages(messages)));
    let answer = tokio::select! {
        // A service that refuses a file need not wait for its end.
        answer = &mut answer => answer,
        sent = send(header, first, file, &pieces, patience) => {
            sent?;
            let late = |_| Err(Status::deadline_exceeded("the upload was not answered"));
            tokio::time::timeout(patience, answer).await.unwrap_or_else(late)
        }
    };
    match message(answer) {
        Ok(stored) => Ok(stored),
        Err(problem) => match rest(file).await {
            Ok(()) => Err(Failure::Refused(problem)),
            Err(RequestError::TooLarge { .. }) => Err(Failure::Oversized(problem)),
            Err(_) => Err(Failure::Broken(problem)),
        },
    }
}

/// Reads what is left of a file.
async fn rest(file: &mut FormField<'_>) -> Result<(), RequestError> {
    while file.next().await?.is_some() {}
    Ok(())
}

/// The sending side of an upload; `None` says that it is whole.
type Pieces<M> = mpsc::Sender<Option<M>>;

async fn send<M: UploadMessage>(
    header: M::Header,
    first: Bytes,
    file: &mut FormField<'_>,
    pieces: &Pieces<M>,
    patience: Duration,
) -> Result<(), RequestError> {
    hand_over(Some(M::header(header)), pieces, patience).await?;
    let mut next = Some(first);
    while let Some(mut bytes) = next {
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE));
            hand_over(Some(M::chunk(piece)), pieces, patience).await?;
        }
        next = file.next().await?;
    }
    hand_over(None, pieces, patience).await
}

async fn hand_over<M>(
    piece: Option<M>,
    pieces: &Pieces<M>,
    patience: Duration,
) -> Result<(), RequestError> {
    match pieces.send_timeout(piece, patience).await {
        Err(mpsc::error::SendTimeoutError::Timeout(_)) => Err(stalled(patience)),
        // Where nobody takes it any more, the answer is there and tells why.
        _ => Ok(()),
    }
}

impl UploadMessage for CreateImageRequest {
    type Header = ImageHeader;

    fn header(header: ImageHeader) -> Self {
        let part = Some(create_image_request::Part::Header(header));
        Self { part }
    }

    fn chunk(bytes: Bytes) -> Self {
        let part = Some(create_image_request::Part::Chunk(bytes));
        Self { part }
    }
}

impl UploadMessage for PutAvatarRequest {
    type Header = ImageHeader;

    fn header(header: ImageHeader) -> Self {
        let part = Some(put_avatar_request::Part::Header(header));
        Self { part }
    }

    fn chunk(bytes: Bytes) -> Self {
        let part = Some(put_avatar_request::Part::Chunk(bytes));
        Self { part }
    }
}

impl UploadMessage for CreateArchiveRequest {
    type Header = ArchiveHeader;

    fn header(header: ArchiveHeader) -> Self {
        let part = Some(create_archive_request::Part::Header(header));
        Self { part }
    }

    fn chunk(bytes: Bytes) -> Self {
        let part = Some(create_archive_request::Part::Chunk(bytes));
        Self { part }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::TooLarge { .. } => Self::Oversized(error.into()),
            _ => Self::Broken(error.into()),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(problem) | Failure::Oversized(problem) | Failure::Broken(problem) => {
                problem
            }
        }
    }
}

#[cfg(test)]
mod tests;
