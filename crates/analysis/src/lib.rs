//! Asks a model, records the answer, and only then shows it: a prediction has no other way out, whoever asks for it.

mod analyst;
mod error;
mod ledger;
mod question;
mod record;

pub use analyst::Analyst;
pub use error::{Asked, Unanswered};
pub use ledger::Ledger;
pub use question::Question;
