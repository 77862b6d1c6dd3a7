//! The operations on objects.

use std::{fmt, ops::Range};

use bytes::Bytes;
use futures_util::{
    StreamExt as _, TryStreamExt as _, future,
    stream::{self, BoxStream},
};
use jiff::Timestamp;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};

use crate::{
    ObjectFacts, StorageConfig, StorageError, StorageKey, StoredObject, bucket::Bucket,
    error::is_missing, folder::Folder,
};

/// A store of objects. Its clones share the connections.
#[derive(Clone)]
pub struct Storage(Place);

#[derive(Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl Storage {
    /// Opens the store, and makes sure that it answers.
    ///
    /// # Errors
    /// A folder that cannot be made, or a bucket that does not exist, is away or does not let us in.
    pub async fn open(config: &StorageConfig) -> Result<Self, StorageError> {
        let place = match (&config.path, &config.s3) {
            (Some(path), None) => Place::Folder(Folder::open(path)?),
            (None, Some(s3)) => Place::Bucket(Bucket::open(s3)?),
            _ => return Err(StorageError::Config("it needs either a path or s3")),
        };
        let storage = Self(place);
        storage.ping().await?;
        Ok(storage)
    }

    /// Makes sure that the store answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StorageError> {
        match &self.0 {
            Place::Folder(folder) => folder.ensure().await,
            Place::Bucket(bucket) => bucket.ensure().await,
        }
    }

    /// Writes an object, in place of the one that has the key. It is durable when this returns, and is seen whole or
    /// not at all.
    ///
    /// # Errors
    /// The store is away or refuses. The object may have been written nevertheless.
    pub async fn put(&self, key: &StorageKey, bytes: Bytes) -> Result<(), StorageError> {
        self.ensure_folder().await?;
        let bytes = PutPayload::from(bytes);
        match &self.0 {
            Place::Folder(folder) => folder.put(key, bytes).await?,
            Place::Bucket(bucket) => drop(bucket.objects().put(key.path(), bytes).await?),
        }
        Ok(())
    }

    /// Reads an object, or those of its bytes that are in `range`, as far as there are.
    ///
    /// # Errors
    /// There is no such object, or it has none of those bytes; or the store is away.
    pub async fn get(
        &self,
        key: &StorageKey,
        range: Option<Range<u64>>,
    ) -> Result<StoredObject, StorageError> {
        if range.as_ref().is_some_and(Range::is_empty) {
            return Err(StorageError::Range(key.clone()));
        }
        let options = GetOptions {
            range: range.clone().map(GetRange::Bounded),
            ..GetOptions::default()
        };
        match self.objects().get_opts(key.path(), options).await {
            Ok(result) => StoredObject::new(key.clone(), result),
            Err(error) => Err(self.read_error(key, range, error).await),
        }
    }

    /// What is known of an object.
    ///
    /// # Errors
    /// There is no such object, or the store is away.
    pub async fn head(&self, key: &StorageKey) -> Result<ObjectFacts, StorageError> {
        match self.objects().head(key.path()).await {
            Ok(meta) => ObjectFacts::new(key.clone(), &meta),
            Err(error) => Err(self.read_error(key, None, error).await),
        }
    }

    /// Deletes an object, if it is there.
    ///
    /// # Errors
    /// The store is away or refuses.
    pub async fn delete(&self, key: &StorageKey) -> Result<(), StorageError> {
        match self.objects().delete(key.path()).await {
            Err(error) if is_missing(&error) => self.ensure_folder().await,
            result => Ok(result?),
        }
    }

    /// The objects below `prefix`, or all, in no order. Those that are written or deleted meanwhile may be among them
    /// or not. Names that are no keys are somebody else's, and left out.
    ///
    /// # Errors
    /// The store is away or refuses; the error ends the stream.
    pub fn list(
        &self,
        prefix: Option<&StorageKey>,
    ) -> BoxStream<'static, Result<ObjectFacts, StorageError>> {
        let storage = self.clone();
        let prefix = prefix.map(|prefix| prefix.path().clone());
        stream::once(async move {
            storage.ensure_folder().await?;
            let found = storage.objects().list(prefix.as_ref());
            Ok::<_, StorageError>(found.map_err(StorageError::from))
        })
        .try_flatten()
        .try_filter_map(|meta| {
            let key = StorageKey::new(meta.location.as_ref());
            let facts = key.ok().map(|key| ObjectFacts::new(key, &meta));
            future::ready(facts.transpose())
        })
        .boxed()
    }

    /// Deletes every object below `prefix`. Answers how many there were.
    ///
    /// # Errors
    /// The store is away or refuses. Some may have been deleted.
    pub async fn delete_prefix(&self, prefix: &StorageKey) -> Result<u64, StorageError> {
        self.ensure_folder().await?;
        let found = self.objects().list(Some(prefix.path()));
        let found = found.map_ok(|meta| meta.location).boxed();
        let mut deleted = self.objects().delete_stream(found);
        let mut count = 0;
        while let Some(result) = deleted.next().await {
            match result {
                Ok(_) => count += 1,
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(count)
    }

    /// Deletes what processes that died left half written, if they began before `before`; of objects it touches none.
    /// Answers how many there were.
    ///
    /// # Errors
    /// The store is away or refuses.
    pub async fn discard_unfinished(&self, before: Timestamp) -> Result<u64, StorageError> {
        match &self.0 {
            Place::Folder(folder) => folder.discard_unfinished(before).await,
            // One request writes an object: S3 keeps it whole or not at all.
            Place::Bucket(_) => Ok(0),
        }
    }

    fn objects(&self) -> &dyn ObjectStore {
        match &self.0 {
            Place::Folder(folder) => folder.objects(),
            Place::Bucket(bucket) => bucket.objects(),
        }
    }

    /// A bucket that is away says so by itself; a folder that is away looks empty.
    async fn ensure_folder(&self) -> Result<(), StorageError> {
        match &self.0 {
            Place::Folder(folder) => folder.ensure().await,
            Place::Bucket(_) => Ok(()),
        }
    }

    /// Why an object, or a range of it, could not be read.
    async fn read_error(
        &self,
        key: &StorageKey,
        range: Option<Range<u64>>,
        error: object_store::Error,
    ) -> StorageError {
        match (StorageError::of(key, error), range) {
            (missing @ StorageError::NotFound(_), _) => {
                self.ensure_folder().await.err().unwrap_or(missing)
            }
            // Each store has words of its own for a range past the end, so that the size has to tell.
            (StorageError::Failed(cause), Some(range)) => {
                match self.objects().head(key.path()).await {
                    Ok(meta) if meta.size <= range.start => StorageError::Range(key.clone()),
                    _ => StorageError::Failed(cause),
                }
            }
            (error, _) => error,
        }
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Folder(folder) => write!(f, "Storage({folder})"),
            Place::Bucket(bucket) => write!(f, "Storage({bucket})"),
        }
    }
}
