//! Reading the bytes of images.

use std::{ops::Range, sync::Arc};

use pupila_storage::{Storage, StorageError, StoredObject};

use crate::{ImagesError, image::Image, store::ObjectLedger};

/// How often bytes are looked for that went where they were, because the last image that had them was deleted and
/// another one stored.
const ATTEMPTS: usize = 3;

/// The bytes of images. Its clones share everything.
#[derive(Clone)]
pub(crate) struct Originals {
    pub(crate) ledger: Arc<dyn ObjectLedger>,
    pub(crate) storage: Storage,
}

impl Originals {
    /// The image's bytes, or those of a range within them.
    pub(crate) async fn open(
        &self,
        image: &Image,
        range: Option<Range<u64>>,
    ) -> Result<StoredObject, ImagesError> {
        for _ in 0..ATTEMPTS {
            let original = self.ledger.original(image.file.sha256).await?;
            // Deleted since the caller looked.
            let original = original.ok_or(ImagesError::NotFound(image.id))?;
            match self.storage.get(&original.key()?, range.clone()).await {
                Ok(object) if object.facts.size == image.file.size => return Ok(object),
                Ok(_) | Err(StorageError::Range(_)) => break,
                Err(StorageError::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ImagesError::BytesMissing(image.id))
    }
}
