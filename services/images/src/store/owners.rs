//! The rows of owners.

use async_trait::async_trait;
use pupila_core::{ImageId, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::{OwnerStore, Usage, row::number, sql::SqlStore};

const SELECT: &str = "SELECT images, bytes, quota, erased FROM owners WHERE owner = ?";

/// An owner's row, as a transaction sees it.
pub(super) struct Owner {
    pub(super) usage: Usage,
    pub(super) erased: bool,
}

impl Owner {
    /// Reads the row, and keeps everybody else from it until the transaction ends. `None` where there is none.
    pub(super) async fn lock<DB: Dialect>(
        transaction: &mut DB::Connection,
        owner: UserId,
    ) -> Result<Option<Self>, DatabaseError> {
        let select = Statement::<DB>::new(SELECT).bind(owner.as_uuid()).locking();
        let found = select.fetch_optional(transaction).await?;
        found.as_ref().map(Self::read).transpose()
    }

    fn read<DB: Dialect>(row: &Row<DB>) -> Result<Self, DatabaseError> {
        let quota: Option<i64> = row.get("quota")?;
        // What was counted here is not negative.
        Ok(Self {
            usage: Usage {
                images: row.get::<i64>("images")?.unsigned_abs(),
                bytes: row.get::<i64>("bytes")?.unsigned_abs(),
                quota: quota.map(i64::unsigned_abs),
            },
            erased: row.get("erased")?,
        })
    }
}

/// Writes how much an owner stores, whose row is locked.
pub(super) async fn count<DB: Dialect>(
    transaction: &mut DB::Connection,
    owner: UserId,
    usage: Usage,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("UPDATE owners SET images = ?, bytes = ? WHERE owner = ?")
        .bind(number(usage.images))
        .bind(number(usage.bytes))
        .bind(owner.as_uuid())
        .execute(transaction)
        .await
}

#[async_trait]
impl<DB: Dialect> OwnerStore for SqlStore<DB> {
    async fn usage(&self, owner: UserId) -> Result<Usage, DatabaseError> {
        let select = Statement::<DB>::new(SELECT).bind(owner.as_uuid());
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        let owner = found.as_ref().map(Owner::read).transpose()?;
        Ok(owner.map(|owner| owner.usage).unwrap_or_default())
    }

    async fn welcome(&self, owner: UserId) -> Result<(), DatabaseError> {
        let insert = Statement::<DB>::new(
            "INSERT INTO owners (owner, images, bytes, quota, erased) VALUES (?, 0, 0, NULL, ?)",
        );
        let mut writer = self.pools.writer().await?;
        let inserted = insert
            .bind(owner.as_uuid())
            .bind(false)
            .execute(&mut writer)
            .await;
        match inserted {
            Err(error) if error.is_unique_violation() => Ok(()),
            result => result,
        }
    }

    async fn set_quota(&self, owner: UserId, quota: Option<u64>) -> Result<(), DatabaseError> {
        self.welcome(owner).await?;
        let update = Statement::<DB>::new("UPDATE owners SET quota = ? WHERE owner = ?")
            .bind(quota.map(number))
            .bind(owner.as_uuid());
        let mut writer = self.pools.writer().await?;
        update.execute(&mut writer).await
    }

    async fn erase(&self, owner: UserId) -> Result<(), DatabaseError> {
        self.welcome(owner).await?;
        let update =
            Statement::<DB>::new("UPDATE owners SET erased = ?, quota = NULL WHERE owner = ?")
                .bind(true)
                .bind(owner.as_uuid());
        let mut writer = self.pools.writer().await?;
        update.execute(&mut writer).await
    }

    async fn belongings(&self, owner: UserId, most: u32) -> Result<Vec<ImageId>, DatabaseError> {
        let select = Statement::<DB>::new("SELECT id FROM images WHERE owner = ? LIMIT ?")
            .bind(owner.as_uuid())
            .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        let ids = rows.iter().map(|row| row.get("id").map(ImageId::from_uuid));
        ids.collect()
    }
}
