//! Putting a new image where it belongs: its bytes first, then its rows, and only then is it there.

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use pupila_core::{Clock, Digest};
use pupila_storage::{Storage, StorageError};

use crate::{
    ImagesError,
    disposal::Disposal,
    image::{Image, Purpose},
    objects::Original,
    pool,
    store::{Backing, Insertion, NewImage, Store, Usage},
};

/// How often an image is stored whose bytes others store or delete at the same time. Whenever it fails somebody else
/// came through.
const ATTEMPTS: usize = 30;

/// Where images are put.
pub(crate) struct Shelf {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storage: Storage,
    pub(crate) disposal: Disposal,
    pub(crate) clock: Arc<dyn Clock>,
    /// Bytes that an owner may store for whom nothing else was set.
    pub(crate) default_quota: u64,
}

/// What came of putting an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placement {
    /// It is there, and outlives the process.
    Done,
    /// The idempotency key is taken.
    KeyTaken,
}

impl Shelf {
    /// Puts an image with its bytes. `key` is its idempotency key with the digest of the call.
    pub(crate) async fn put(
        &self,
        image: &Image,
        bytes: Bytes,
        key: Option<(&str, Digest)>,
    ) -> Result<Placement, ImagesError> {
        let start = Instant::now();
        if image.purpose == Purpose::Library {
            self.expect_room(image).await?;
        }
        let mut written = None;
        let placed = self.attempt(image, bytes, key, &mut written).await;
        if let Some(original) = written {
            self.disposal.discard(original).await;
        }
        pool::record("store", start);
        placed
    }

    /// Looks whether there is room before anything is written. The transaction looks again.
    async fn expect_room(&self, image: &Image) -> Result<(), ImagesError> {
        let usage = self.store.usage(image.owner).await?;
        let needed = usage.bytes.saturating_add(image.file.size);
        if needed > usage.quota_or(self.default_quota) {
            return Err(self.no_room(usage, image));
        }
        Ok(())
    }

    /// What was written and is not needed in the end is left in `written`.
    async fn attempt(
        &self,
        image: &Image,
        bytes: Bytes,
        key: Option<(&str, Digest)>,
        written: &mut Option<Original>,
    ) -> Result<Placement, ImagesError> {
        for _ in 0..ATTEMPTS {
            let backing = self.back(image, &bytes, written).await?;
            let new = NewImage {
                image,
                key,
                backing,
                default_quota: self.default_quota,
            };
            match self.store.insert(&new).await? {
                Insertion::Done(doomed) => {
                    if !matches!(backing, Backing::Shared) {
                        *written = None;
                    }
                    self.disposal.dispose_all(doomed).await;
                    return Ok(Placement::Done);
                }
                Insertion::UnknownOwner => self.store.welcome(image.owner).await?,
                Insertion::Erased => return Err(ImagesError::Erased),
                Insertion::QuotaExceeded(usage) => return Err(self.no_room(usage, image)),
                Insertion::KeyTaken => return Ok(Placement::KeyTaken),
                Insertion::BlobGone | Insertion::BlobTaken => {}
                Insertion::ObjectDoomed => *written = None,
            }
        }
        Err(ImagesError::Contended)
    }

    /// Where the bytes are: with another image, or in an object that is written now. Who uploads bytes that the store
    /// has lost brings them back for all that share them.
    async fn back(
        &self,
        image: &Image,
        bytes: &Bytes,
        written: &mut Option<Original>,
    ) -> Result<Backing, ImagesError> {
        let known = self.store.original(image.file.sha256).await?;
        if let Some(original) = known
            && self.is_whole(original, image.file.size).await?
        {
            return Ok(Backing::Shared);
        }
        let written = match *written {
            Some(original) => original,
            None => self.write(image, bytes, written).await?,
        };
        Ok(match known {
            Some(lost) => Backing::Mended { written, lost },
            None => Backing::Written(written),
        })
    }

    async fn is_whole(&self, original: Original, size: u64) -> Result<bool, ImagesError> {
        match self.storage.head(&original.key()?).await {
            Ok(object) => Ok(object.size == size),
            Err(StorageError::NotFound(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn write(
        &self,
        image: &Image,
        bytes: &Bytes,
        written: &mut Option<Original>,
    ) -> Result<Original, ImagesError> {
        let now = self.clock.now();
        let original = Original::new(image.file.sha256, now);
        self.store.announce(original, now).await?;
        // Before it is written: a store that fails may have written it nevertheless.
        *written = Some(original);
        self.storage.put(&original.key()?, bytes.clone()).await?;
        Ok(original)
    }

    fn no_room(&self, usage: Usage, image: &Image) -> ImagesError {
        ImagesError::QuotaExceeded {
            bytes: usage.bytes,
            quota: usage.quota_or(self.default_quota),
            size: image.file.size,
        }
    }
}
