//! Whom a worker needs.

/// Whom a worker needs. Where one of them is away, what needs it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Hands out the tokens of owners, and knows where to tell them.
    Accounts,
    /// Keeps the images and the ZIPs.
    Images,
    /// Runs the models.
    Inference,
    /// Knows the tasks, and keeps what was predicted.
    History,
    /// Wakes the worker.
    Queue,
    /// Takes letters: the operator's own mail server.
    Smtp,
}

impl Service {
    /// By which operators know it: in metrics, and in `parked_by` of the queue's state.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Images => "images",
            Self::Inference => "inference",
            Self::History => "history",
            Self::Queue => "queue",
            Self::Smtp => "smtp",
        }
    }
}
