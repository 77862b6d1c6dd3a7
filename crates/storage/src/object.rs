//! What is known of an object, and its bytes.

use std::{fmt, ops::Range, time::SystemTime};

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use jiff::Timestamp;
use object_store::{GetResult, ObjectMeta};

use crate::{StorageError, StorageKey};

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFacts {
    /// Its name.
    pub key: StorageKey,
    /// How many bytes it has.
    pub size: u64,
    /// When it was written, by the store's clock. S3 tells whole seconds.
    pub last_modified: Timestamp,
}

impl ObjectFacts {
    pub(crate) fn new(key: StorageKey, meta: &ObjectMeta) -> Result<Self, StorageError> {
        let last_modified = Timestamp::try_from(SystemTime::from(meta.last_modified))
            .map_err(|error| StorageError::Failed(error.into()))?;
        Ok(Self {
            key,
            size: meta.size,
            last_modified,
        })
    }
}

/// An object that is being read.
pub struct StoredObject {
    /// What is known of the whole object.
    pub facts: ObjectFacts,
    /// Which of its bytes follow.
    pub range: Range<u64>,
    /// Those bytes, in pieces of any size. A store that fails while they are read ends them with an error.
    pub bytes: BoxStream<'static, Result<Bytes, StorageError>>,
}

impl StoredObject {
    pub(crate) fn new(key: StorageKey, result: GetResult) -> Result<Self, StorageError> {
        Ok(Self {
            facts: ObjectFacts::new(key, &result.meta)?,
            range: result.range.clone(),
            bytes: result.into_stream().map_err(StorageError::from).boxed(),
        })
    }

    /// All the bytes at once, in memory.
    ///
    /// # Errors
    /// The store fails while they are read.
    pub async fn read(mut self) -> Result<Bytes, StorageError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.bytes.try_next().await? {
            // Most objects come in one piece, which is handed on as it is.
            if whole.is_empty() && piece.len() as u64 == self.range.end - self.range.start {
                return Ok(piece);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}

impl fmt::Debug for StoredObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredObject")
            .field("facts", &self.facts)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}
