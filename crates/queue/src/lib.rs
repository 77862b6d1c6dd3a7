//! Wakes workers. The database knows what there is to do; a queue only tells which worker may try which task next, so that
//! losing a queue with all that is in it loses no work: history offers again whatever waits.
//! See `docs/decisions/2026-11-23-streams-in-a-ring.md`.

mod admission;
mod change;
mod config;
mod error;
mod fanout;
mod memory;
mod open;
mod queue;
mod streams;
#[cfg(feature = "test-support")]
mod test_queue;
mod ticket;
mod turns;

pub use admission::Share;
pub use change::Change;
pub use config::QueueConfig;
pub use error::QueueError;
pub use open::{OpenError, open};
pub use queue::{DeadLetter, Depth, Queue};
#[cfg(feature = "test-support")]
pub use test_queue::TestQueue;
pub use ticket::{Delivery, Priority, Ticket, WorkerName};
