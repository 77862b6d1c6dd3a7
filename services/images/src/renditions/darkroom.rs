//! Where renditions are made and kept.

use bytes::Bytes;
use futures_util::StreamExt as _;
use pupila_imaging::{
    Limits,
    render::{Recipe, render},
};
use pupila_runtime::rpc::with_causes;
use pupila_storage::{Storage, StorageError, StorageKey, StoredObject};

use super::RenditionError;
use crate::{ImagesError, budget::Budget, image::Image, objects, originals::Originals, pool::Pool};

/// Where renditions are made and kept. Its clones share everything.
#[derive(Clone)]
pub(crate) struct Darkroom {
    pub(crate) originals: Originals,
    pub(crate) storage: Storage,
    pub(crate) budget: Budget,
    pub(crate) pool: Pool,
    pub(crate) limits: Limits,
    /// Renditions that are kept of one blob. Those above are made again each time: whoever asks for an image in a
    /// million ways fills no disk.
    pub(crate) kept: usize,
}

impl Darkroom {
    /// The rendition that was kept under that name.
    pub(super) async fn kept(&self, key: &StorageKey) -> Result<Option<StoredObject>, ImagesError> {
        match self.storage.get(key, None).await {
            Ok(object) => Ok(Some(object)),
            Err(StorageError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a rendition, and keeps it under that name. One that cannot be kept is made all the same.
    pub(super) async fn make(
        &self,
        image: &Image,
        recipe: Recipe,
        key: &StorageKey,
    ) -> Result<Bytes, ImagesError> {
        let share = self.budget.take(image.file.size)?;
        let original = self.originals.open(image, None).await?.read().await?;
        let limits = self.limits;
        let job = move || {
            let rendition = render(&original, &recipe, &limits);
            drop((original, share));
            rendition
        };
        let made = self.pool.run("render", job).await?;
        let bytes = Bytes::from(made.map_err(RenditionError)?.bytes);
        if let Err(error) = self.keep(image, key, bytes.clone()).await {
            let error = with_causes(&error);
            tracing::warn!(image = %image.id, error, "a rendition is not kept");
        }
        Ok(bytes)
    }

    async fn keep(
        &self,
        image: &Image,
        key: &StorageKey,
        bytes: Bytes,
    ) -> Result<(), StorageError> {
        let siblings = objects::renditions(image.file.sha256)?;
        let siblings = self.storage.list(Some(&siblings)).take(self.kept);
        if siblings.count().await < self.kept {
            self.storage.put(key, bytes).await?;
        }
        Ok(())
    }
}
