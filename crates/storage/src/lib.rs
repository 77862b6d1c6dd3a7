//! Objects: byte strings with a name, kept in a folder or in an S3 bucket. Written whole, read whole or in part, and
//! never seen half.
//!
//! ```text
//! Storage   the operations, and what their failures mean
//!   ├─ Folder   files below a folder, flushed to the disk
//!   └─ Bucket   S3, which is waited for no longer than configured
//! ```

mod bucket;
mod config;
mod error;
mod folder;
mod key;
mod object;
mod storage;
#[cfg(feature = "test-support")]
mod test_storage;

pub use config::{S3Config, StorageConfig};
pub use error::StorageError;
pub use key::{InvalidKey, StorageKey};
pub use object::{ObjectFacts, StoredObject};
pub use storage::Storage;
#[cfg(feature = "test-support")]
pub use test_storage::TestStorage;
