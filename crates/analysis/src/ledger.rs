//! Whether an answer needs a record.

use serde::Deserialize;

/// Whether a prediction may be answered unrecorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ledger {
    /// No: without history there is no answer.
    #[default]
    Required,
    /// Yes: while history is down predictions are answered without an id, and lost for the record.
    BestEffort,
}
