//! What is refused here, and by no service.

use pupila_core::{ErrorCode, Fault};

/// The idempotency key belongs to another question.
#[derive(Debug, thiserror::Error)]
#[error("the idempotency key was used for another request")]
pub(crate) struct KeyReused;

impl Fault for KeyReused {
    fn code(&self) -> ErrorCode {
        ErrorCode::Conflict
    }

    fn reason(&self) -> &'static str {
        "IDEMPOTENCY_KEY_REUSED"
    }
}
