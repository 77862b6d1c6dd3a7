//! Wakes workers. The database knows what there is to do; a queue only tells which worker may try which task next, so that
//! losing a queue with all that is in it loses no work: history offers again whatever waits.

mod change;
mod error;
mod queue;
mod ticket;

pub use change::Change;
pub use error::QueueError;
pub use queue::{DeadLetter, Depth, Queue};
pub use ticket::{Delivery, Priority, Ticket, WorkerName};
