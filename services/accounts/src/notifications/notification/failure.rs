//! Why a job failed as a whole.

/// Most characters of a reason: the width of its column.
const REASON: usize = 100;
/// Most characters of a detail: the width of its column.
const DETAIL: usize = 2_000;

/// Why a job failed as a whole, in the words of the service that refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Stable, such as `ARCHIVE_UNREADABLE`.
    pub(crate) reason: String,
    /// For people, in English.
    pub(crate) detail: String,
}

impl Failure {
    /// A failure with as much of its words as is kept: whoever cannot be told all of them is told all the same.
    pub(crate) fn new(reason: &str, detail: &str) -> Self {
        Self {
            reason: reason.chars().take(REASON).collect(),
            detail: detail.chars().take(DETAIL).collect(),
        }
    }
}
