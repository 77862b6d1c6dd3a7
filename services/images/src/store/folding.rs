//! Texts that are searched, folded anew.

use async_trait::async_trait;
use pupila_core::ImageId;
use pupila_db::{DatabaseError, Dialect, Statement};

use super::{row, sql::SqlStore};

/// Texts that are searched.
#[async_trait]
pub(crate) trait FoldingStore: Send + Sync {
    /// The release of folding that all stored texts have, or a later one.
    async fn folding(&self) -> Result<i64, DatabaseError>;

    /// All stored texts have that release.
    async fn set_folding(&self, release: i64) -> Result<(), DatabaseError>;

    /// Folds the texts of some images anew, at most so many, in the order of their ids, after that one. Answers the last
    /// of them; `None` where there are no more.
    async fn refold(
        &self,
        after: Option<ImageId>,
        most: u32,
    ) -> Result<Option<ImageId>, DatabaseError>;
}

#[async_trait]
impl<DB: Dialect> FoldingStore for SqlStore<DB> {
    async fn folding(&self) -> Result<i64, DatabaseError> {
        let select = Statement::<DB>::new("SELECT folding FROM installation");
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        found.map_or(Ok(0), |row| row.get("folding"))
    }

    async fn set_folding(&self, release: i64) -> Result<(), DatabaseError> {
        let update = Statement::<DB>::new("UPDATE installation SET folding = ?").bind(release);
        let mut writer = self.pools.writer().await?;
        update.execute(&mut writer).await
    }

    async fn refold(
        &self,
        after: Option<ImageId>,
        most: u32,
    ) -> Result<Option<ImageId>, DatabaseError> {
        let select =
            Statement::<DB>::new("SELECT id, name, description, search_text, revision FROM images")
                .push_some(" WHERE id > ?", after.map(|id| id.as_uuid()))
                .push(" ORDER BY id LIMIT ?")
                .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        drop(reader);
        let mut last = None;
        for row in rows {
            let id = ImageId::from_uuid(row.get("id")?);
            last = Some(id);
            let (name, description): (String, String) = (row.get("name")?, row.get("description")?);
            let folded = row::searched(&name, &description);
            if folded == row.get::<String>("search_text")? {
                continue;
            }
            // Whoever changes the image meanwhile folds its texts too.
            let update = Statement::<DB>::new(
                "UPDATE images SET search_text = ? WHERE id = ? AND revision = ?",
            )
            .bind(folded)
            .bind(id.as_uuid())
            .bind(row.get::<i64>("revision")?);
            let mut writer = self.pools.writer().await?;
            update.execute(&mut writer).await?;
        }
        Ok(last)
    }
}
