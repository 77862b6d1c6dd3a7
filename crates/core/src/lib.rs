//! The words that every part of Pupila shares. Pure: no I/O, no runtime, no transport.

mod caller;
mod clock;
mod digest;
mod error_code;
mod fault;
mod id;
mod idempotency_key;
mod page;
mod revision;
mod scope;
mod unseen;
mod zip_signature;

pub use caller::{Caller, Guest, Role, User};
pub use clock::{Clock, ManualClock, SystemClock};
pub use digest::{Digest, DigestParseError};
pub use error_code::ErrorCode;
pub use fault::{Fault, FieldViolation};
pub use id::{
    AlbumId, ApiKeyId, ArchiveId, AuditEntryId, IdParseError, ImageId, JobId, LeaseId, LinkId,
    MemberId, NotificationId, PredictionId, PushSubscriptionId, RequestId, ReviewId, SessionId,
    TaskId, UserId, WebhookId,
};
pub use idempotency_key::{IdempotencyKey, InvalidIdempotencyKey};
pub use page::{Cursor, InvalidPage, Listing, Page};
pub use revision::{Revision, RevisionParseError};
pub use scope::{Scope, Scopes, UnknownScope};
pub use unseen::{is_shaping, is_unseen};
pub use zip_signature::{ZIP_SIGNATURE_LEN, is_zip};
