//! Where renditions are made and kept.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use pupila_imaging::{
    Limits,
    render::{Recipe, render},
};
use pupila_runtime::{
    cpu_pool::{CpuPool, CpuPoolConfig},
    rpc::with_causes,
};
use pupila_storage::{Storage, StorageError, StorageKey, StoredObject};
use tokio::time::{Instant, timeout_at};

use super::{RenditionError, flights::Made};
use crate::{
    ImagesError,
    budget::{Budget, BudgetSpent},
    image::Image,
    objects,
    originals::Originals,
    pool::{Pool, PoolError},
};

/// How long a rendition waits for its turn, and for memory, before it is refused.
const PATIENCE: Duration = Duration::from_secs(25);
/// Renditions that wait at once, five of the longest pages of a list; more are refused at once.
const MOST_WAITING: usize = 5 * 200;

/// Where renditions are made and kept. Its clones share everything.
#[derive(Clone)]
pub(crate) struct Darkroom {
    pub(crate) originals: Originals,
    pub(crate) storage: Storage,
    pub(crate) budget: Budget,
    pub(crate) pool: Pool,
    /// A place for each rendition that is worked on, and for one whose bytes are on their way. Who waits for one holds
    /// no memory: a page of new pictures takes no more of it than its next few.
    pub(crate) tables: CpuPool,
    pub(crate) limits: Limits,
    pub(crate) room: CacheRoom,
}

/// What is kept of the renditions of one blob. Those above are made again each time: whoever asks for an image in a
/// million ways fills no disk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheRoom {
    /// Most renditions.
    pub(crate) count: usize,
    /// Most bytes of all of them; as many as the blob has where those are more.
    pub(crate) bytes: u64,
}

/// The tables of a darkroom whose renditions are made in a pool of that size.
pub(crate) fn tables(pool: &CpuPoolConfig) -> CpuPool {
    CpuPool::new(&CpuPoolConfig {
        workers: pool.workers + 1,
        queue: MOST_WAITING,
    })
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
    ) -> Result<Made, ImagesError> {
        let deadline = Instant::now() + PATIENCE;
        let table = timeout_at(deadline, self.tables.worker()).await;
        let _table = table.map_err(|_| BudgetSpent)?.map_err(PoolError::from)?;
        let mut share = self.budget.take_by(image.file.size, deadline).await?;
        let original = self.originals.open(image, None).await?.read().await?;
        let limits = self.limits;
        let job = move || {
            let mut bytes = render(&original, &recipe, &limits)?.bytes;
            // Encoders leave up to as much again.
            bytes.shrink_to_fit();
            Ok(Bytes::from(bytes))
        };
        let bytes = self
            .pool
            .run("render", job)
            .await?
            .map_err(RenditionError)?;
        let size = bytes.len() as u64;
        self.budget.grow(&mut share, size)?;
        share.shrink(size);
        match self.keep(image, key, bytes.clone()).await {
            Ok(true) => return Ok(Made::Kept),
            Ok(false) => {}
            Err(error) => {
                let error = with_causes(&error);
                tracing::warn!(image = %image.id, error, "a rendition is not kept");
            }
        }
        Ok(Made::Unkept(share.hold(bytes)))
    }

    /// Answers whether there was room.
    async fn keep(
        &self,
        image: &Image,
        key: &StorageKey,
        bytes: Bytes,
    ) -> Result<bool, StorageError> {
        let CacheRoom { count, bytes: most } = self.room;
        let siblings = objects::renditions(image.file.sha256)?;
        let siblings = self.storage.list(Some(&siblings)).take(count);
        let (found, held) = siblings
            .try_fold((0, 0), async |(found, held), object| {
                Ok((found + 1, held + object.size))
            })
            .await?;
        let held = held.saturating_add(bytes.len() as u64);
        let fits = found < count && held <= most.max(image.file.size);
        if fits {
            self.storage.put(key, bytes).await?;
        }
        Ok(fits)
    }
}
