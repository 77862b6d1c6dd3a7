//! Why a question was not answered.

use pupila_core::{ErrorCode, Fault};
use pupila_runtime::rpc::{self, RpcError};

/// A question was not answered.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{error}")]
pub struct Unanswered {
    /// Who refused, or is away.
    pub asked: Asked,
    /// What it said.
    pub error: RpcError,
}

/// Whom it takes to answer a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Runs the model.
    Inference,
    /// Keeps the record.
    History,
}

impl Unanswered {
    pub(crate) fn by_inference(error: impl Into<RpcError>) -> Self {
        Self {
            asked: Asked::Inference,
            error: error.into(),
        }
    }

    pub(crate) fn by_history(error: impl Into<RpcError>) -> Self {
        Self {
            asked: Asked::History,
            error: error.into(),
        }
    }

    /// What history knows under the key answers another question.
    pub(crate) fn key_reused() -> Self {
        Self::by_history(rpc::into_status(KeyReused))
    }
}

impl From<Unanswered> for RpcError {
    fn from(unanswered: Unanswered) -> Self {
        unanswered.error
    }
}

/// The idempotency key belongs to another question.
#[derive(Debug, thiserror::Error)]
#[error("the idempotency key was used for another request")]
struct KeyReused;

impl Fault for KeyReused {
    fn code(&self) -> ErrorCode {
        ErrorCode::Conflict
    }

    fn reason(&self) -> &'static str {
        "IDEMPOTENCY_KEY_REUSED"
    }
}
