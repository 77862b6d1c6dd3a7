//! The parts of an upload as they arrive: in order, not too many, and not too slowly.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::time::Instant;
use tonic::Status;

use super::UploadError;

/// How long a sender may keep silent, in all as well as at once, on top of what its bytes take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes a second that a sender must come to: whoever is slower holds memory that others need.
const LEAST_RATE: u64 = 16 << 10;

/// A piece of an upload.
#[derive(Debug)]
pub(crate) enum Part<H> {
    Header(H),
    Chunk(Bytes),
}

/// The bytes of an upload whose header has arrived.
pub(crate) struct Arrival<S> {
    parts: S,
    start: Instant,
    received: u64,
    most: u64,
}

impl<S, H> Arrival<S>
where
    S: Stream<Item = Result<Option<Part<H>>, Status>> + Unpin,
{
    /// Waits for the header. At most `most` bytes may follow.
    pub(crate) async fn begin(mut parts: S, most: u64) -> Result<(H, Self), UploadError> {
        let start = Instant::now();
        let Some(Part::Header(header)) = next(&mut parts, start + PATIENCE).await? else {
            return Err(UploadError::Order);
        };
        let arrival = Self {
            parts,
            start,
            received: 0,
            most,
        };
        Ok((header, arrival))
    }

    /// The next bytes; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, UploadError> {
        let deadline = self.deadline();
        match next(&mut self.parts, deadline).await? {
            None if self.received == 0 => Err(UploadError::Empty),
            None => Ok(None),
            Some(Part::Header(_)) => Err(UploadError::Order),
            Some(Part::Chunk(chunk)) => {
                self.received += chunk.len() as u64;
                if self.received > self.most {
                    return Err(UploadError::TooLarge(self.most));
                }
                Ok(Some(chunk))
            }
        }
    }

    /// Bytes that have arrived.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// Until when the sender has to send more.
    fn deadline(&self) -> Instant {
        let earned = Duration::from_secs(self.received / LEAST_RATE);
        Instant::now().min(self.start + earned) + PATIENCE
    }
}

/// The next piece; `None` at the end.
async fn next<H>(
    parts: &mut (impl Stream<Item = Result<Option<Part<H>>, Status>> + Unpin),
    deadline: Instant,
) -> Result<Option<Part<H>>, UploadError> {
    let part = tokio::time::timeout_at(deadline, parts.next()).await;
    match part.map_err(|_| UploadError::Stalled)? {
        None => Ok(None),
        Some(part) => part
            .map_err(UploadError::Broken)?
            .ok_or(UploadError::Order)
            .map(Some),
    }
}
