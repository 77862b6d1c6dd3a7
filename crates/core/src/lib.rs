//! The words that every part of Pupila shares. Pure: no I/O, no runtime, no transport.

mod clock;
mod digest;
mod error_code;
mod fault;
mod id;
mod page;
mod principal;

pub use clock::{Clock, ManualClock, SystemClock};
pub use digest::{Digest, DigestParseError};
pub use error_code::ErrorCode;
pub use fault::{Fault, FieldViolation};
pub use id::{IdParseError, PredictionId, RequestId, UserId};
pub use page::{Cursor, InvalidPage, Listing, Page};
pub use principal::Principal;
