//! Why something did not work.

use pupila_core::ErrorCode;
use serde::Serialize;

/// Most characters of a reason: the width of its column.
const REASON: usize = 100;
/// Most characters of a detail: the width of its column.
const DETAIL: usize = 2_000;

/// Why something did not work, in the words of the service that refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Failure {
    code: &'static str,
    reason: String,
    detail: String,
}

impl Failure {
    /// A failure with as much of its words as is kept: a hundred characters of the reason, two thousand of the detail.
    #[must_use]
    pub fn new(code: ErrorCode, reason: &str, detail: &str) -> Self {
        Self {
            code: code.name(),
            reason: reason.chars().take(REASON).collect(),
            detail: detail.chars().take(DETAIL).collect(),
        }
    }

    /// A worker took it and was not heard of again, as often as may be.
    #[must_use]
    pub fn worker_lost() -> Self {
        let detail = "each worker that took it was not heard of again";
        Self::new(ErrorCode::Internal, WORKER_LOST, detail)
    }

    /// The name of the class of the error, such as `UNPROCESSABLE`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Stable, such as `IMAGE_UNREADABLE`.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// For people, in English.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// The reason of tasks that took their worker with them.
pub(crate) const WORKER_LOST: &str = "WORKER_LOST";
