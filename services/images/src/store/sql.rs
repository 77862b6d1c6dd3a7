//! The store in SQL, the same for every engine.

use async_trait::async_trait;
use pupila_core::{Digest, ImageId, Listing, Page, Revision, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{ImageStore, Insertion, NewImage, Removal, Removed, insert, remove, row, select};
use crate::{
    filter::ImageFilter,
    image::{Image, PublicCopy, Purpose},
};

/// How often a transaction begins that met another one on its way.
const ATTEMPTS: usize = 20;

/// The tables of `migrations/images`.
pub(super) struct SqlStore<DB: Dialect> {
    pub(super) pools: Pools<DB>,
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) fn new(pools: Pools<DB>) -> Self {
        Self { pools }
    }

    async fn first(&self, select: Statement<DB>) -> Result<Option<Image>, DatabaseError> {
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        found.as_ref().map(row::read).transpose()
    }
}

/// Runs a transaction, and again from its beginning where the engine undid it because of another one. Which of two is
/// undone is for the engine to say, so that one of them always comes through.
pub(super) async fn settled<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, DatabaseError>
where
    F: Future<Output = Result<T, DatabaseError>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.is_deadlock() => {}
            result => return result,
        }
    }
    attempt().await
}

#[async_trait]
impl<DB: Dialect> ImageStore for SqlStore<DB> {
    async fn find(
        &self,
        ids: &[ImageId],
        filter: &ImageFilter,
    ) -> Result<Vec<Image>, DatabaseError> {
        let select = select::batch(Statement::<DB>::new(row::SELECT), ids, filter);
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        rows.iter().map(row::read).collect()
    }

    async fn list(
        &self,
        owner: UserId,
        filter: &ImageFilter,
        page: Page,
    ) -> Result<Listing<Image>, DatabaseError> {
        let select = select::page(Statement::<DB>::new(row::SELECT), owner, filter, page);
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        drop(reader);
        let images: Vec<_> = rows.iter().map(row::read).collect::<Result<_, _>>()?;
        Ok(page.cut(images, Image::cursor))
    }

    async fn avatar(&self, owner: UserId) -> Result<Option<Image>, DatabaseError> {
        let select = Statement::<DB>::new(row::SELECT)
            .push(" WHERE owner = ? AND purpose = ?")
            .bind(owner.as_uuid())
            .bind(Purpose::Avatar.as_str().to_owned());
        self.first(select).await
    }

    async fn keyed(
        &self,
        owner: UserId,
        key: &str,
    ) -> Result<Option<(Image, Digest)>, DatabaseError> {
        let select = Statement::<DB>::new(row::SELECT)
            .push(" WHERE owner = ? AND idempotency_key = ?")
            .bind(owner.as_uuid())
            .bind(key.to_owned());
        let mut reader = self.pools.reader().await?;
        let Some(found) = select.fetch_optional(&mut reader).await? else {
            return Ok(None);
        };
        Ok(Some((
            row::read(&found)?,
            row::digest(&found, "request_sha256")?,
        )))
    }

    async fn insert(&self, new: &NewImage<'_>) -> Result<Insertion, DatabaseError> {
        settled(|| insert::insert(&self.pools, new)).await
    }

    async fn update(&self, image: &Image, seen: Revision) -> Result<bool, DatabaseError> {
        let update = Statement::<DB>::new(
            "UPDATE images SET name = ?, description = ?, search_text = ?, update_time = ?, \
             revision = ? WHERE id = ? AND revision = ?",
        )
        .bind(image.name.clone())
        .bind(image.description.clone())
        .bind(row::searched(&image.name, &image.description))
        .bind(image.update_time.as_microsecond())
        .bind(image.revision.get())
        .bind(image.id.as_uuid())
        .bind(seen.get());
        let mut writer = self.pools.writer().await?;
        Ok(update.rows_affected(&mut writer).await? == 1)
    }

    async fn republish(&self, id: ImageId, copy: PublicCopy) -> Result<(), DatabaseError> {
        let update = Statement::<DB>::new(
            "UPDATE images SET public_sha256 = ?, public_size = ? WHERE id = ?",
        )
        .bind(row::bytes(copy.sha256))
        .bind(row::number(copy.size))
        .bind(id.as_uuid());
        let mut writer = self.pools.writer().await?;
        update.execute(&mut writer).await
    }

    async fn remove(&self, removal: &Removal<'_>) -> Result<Removed, DatabaseError> {
        settled(|| remove::remove(&self.pools, removal)).await
    }
}
