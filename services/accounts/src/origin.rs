//! Where a change comes from: who asks for it, and when.

use std::net::IpAddr;

use jiff::Timestamp;
use pupila_core::{RequestId, UserId};
use pupila_runtime::identity::Call;

/// Who asks for something, from where and when: what the record tells of every change.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The user; `None` where nobody is signed in.
    pub(crate) actor: Option<UserId>,
    /// The network address that the request came from.
    pub(crate) address: Option<IpAddr>,
    /// The request.
    pub(crate) request_id: RequestId,
    /// The time of the change.
    pub(crate) time: Timestamp,
}

impl Origin {
    /// That of a call which is handled at `now`.
    pub(crate) fn of(call: &Call, now: Timestamp) -> Self {
        Self {
            actor: call.caller.user().map(|user| user.id),
            address: call.context.address,
            request_id: call.context.request_id.clone(),
            time: now,
        }
    }
    /// The same, known to be of the user `actor`: they have just signed in.
    pub(crate) fn by(self, actor: UserId) -> Self {
        Self {
            actor: Some(actor),
            ..self
        }
    }
}
