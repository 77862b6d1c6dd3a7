//! How a call ended that no service answered.

#[cfg(test)]
mod tests;

use std::{error::Error, io, iter::successors};

use h2::Reason;
use tonic::{ConnectError, Status};

/// How a call ended that no service answered.
///
/// The statuses of such calls do not tell: tonic has `UNKNOWN` for a connection that was reset, `INTERNAL` for one that is being
/// closed in good order, `CANCELLED` for a call that never left and for one whose handler panicked. Their causes do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breakage {
    /// No service has begun it: there was no connection, or the service says that it is stopping and leaves this call undone.
    Unbegun,
    /// The connection was lost while it was under way, in its answer too.
    Lost,
    /// This call alone broke, and the connection goes on with others: its handler panicked, or its answer is none.
    Dropped,
}

impl Breakage {
    /// `None` where somebody did answer, or the caller gave up; so always for a service in this process.
    pub(super) fn of(status: &Status) -> Option<Self> {
        successors(status.source(), |&cause| cause.source()).find_map(Self::of_cause)
    }

    fn of_cause(cause: &(dyn Error + 'static)) -> Option<Self> {
        if cause.is::<ConnectError>() {
            return Some(Self::Unbegun);
        }
        cause.downcast_ref().and_then(Self::of_http)
    }

    fn of_http(error: &hyper::Error) -> Option<Self> {
        // It waited for its turn on a connection that closed.
        if error.is_canceled() {
            return Some(Self::Unbegun);
        }
        let cause = error.source()?;
        // Pings that are not answered: the other side's machine or the network is gone, or it hangs.
        if error.is_timeout() || cause.is::<io::Error>() {
            return Some(Self::Lost);
        }
        cause.downcast_ref().map(Self::of_stream)
    }

    fn of_stream(error: &h2::Error) -> Self {
        // RFC 9113: of the calls that a GOAWAY ends (6.8), and of a refused one (8.7), nothing was processed.
        let is_refused = error.is_go_away() || error.reason() == Some(Reason::REFUSED_STREAM);
        if is_refused && error.is_remote() {
            return Self::Unbegun;
        }
        if error.is_reset() {
            return Self::Dropped;
        }
        Self::Lost
    }
}
