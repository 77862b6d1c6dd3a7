//! Archives in SQL, the same for every engine.

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{ArchiveId, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::{Admission, ArchiveStore, ArchiveTrace, Completion};
use crate::{
    archives::Archive,
    store::{
        Usage,
        owners::{self, Owner},
        row::{number, time},
        sql::{SqlStore, settled},
    },
};

const WRITING: &str = "writing";
const WHOLE: &str = "whole";
const DOOMED: &str = "doomed";

#[async_trait]
impl<DB: Dialect> ArchiveStore for SqlStore<DB> {
    async fn admit_archive(&self, new: &Archive, most: i64) -> Result<Admission, DatabaseError> {
        settled(|| async {
            let mut transaction = self.pools.transaction().await?;
            let Some(row) = Owner::lock::<DB>(&mut transaction, new.owner).await? else {
                return Ok(Admission::UnknownOwner);
            };
            if row.erased {
                return Ok(Admission::Erased);
            }
            let count = Statement::<DB>::new(
                "SELECT COUNT(*) AS found FROM archives WHERE owner = ? AND state <> ?",
            )
            .bind(new.owner.as_uuid())
            .bind(DOOMED.to_owned());
            let found = count.fetch_optional(&mut transaction).await?;
            let found: i64 = found.map_or(Ok(0), |row| row.get("found"))?;
            if found >= most {
                return Ok(Admission::TooMany);
            }
            insert::<DB>(new).execute(&mut transaction).await?;
            transaction.commit().await?;
            Ok(Admission::Granted(row.usage))
        })
        .await
    }

    async fn touch_archive(&self, id: ArchiveId, now: Timestamp) -> Result<bool, DatabaseError> {
        let update =
            Statement::<DB>::new("UPDATE archives SET update_time = ? WHERE id = ? AND state = ?")
                .bind(now.as_microsecond())
                .bind(id.as_uuid())
                .bind(WRITING.to_owned());
        let mut writer = self.pools.writer().await?;
        Ok(update.rows_affected(&mut writer).await? == 1)
    }

    async fn complete_archive(
        &self,
        whole: &Archive,
        default_quota: u64,
        now: Timestamp,
    ) -> Result<Completion, DatabaseError> {
        settled(|| async {
            let mut transaction = self.pools.transaction().await?;
            let row = Owner::lock::<DB>(&mut transaction, whole.owner).await?;
            let Some(Owner { usage, erased: false }) = row else {
                return Ok(Completion::Erased);
            };
            let bytes = usage.bytes.saturating_add(whole.size);
            if bytes > usage.quota_or(default_quota) {
                return Ok(Completion::QuotaExceeded(usage));
            }
            let update = Statement::<DB>::new(
                "UPDATE archives SET state = ?, size = ?, update_time = ? WHERE id = ? AND state = ?",
            )
            .bind(WHOLE.to_owned())
            .bind(number(whole.size))
            .bind(now.as_microsecond())
            .bind(whole.id.as_uuid())
            .bind(WRITING.to_owned());
            if update.rows_affected(&mut transaction).await? == 0 {
                return Ok(Completion::Doomed);
            }
            let usage = Usage { bytes, ..usage };
            owners::count::<DB>(&mut transaction, whole.owner, usage).await?;
            transaction.commit().await?;
            Ok(Completion::Done)
        })
        .await
    }

    async fn archive(
        &self,
        owner: UserId,
        id: ArchiveId,
    ) -> Result<Option<Archive>, DatabaseError> {
        let select = Statement::<DB>::new(
            "SELECT id, owner, name, size, piece_size, create_time FROM archives \
             WHERE id = ? AND owner = ? AND state = ?",
        )
        .bind(id.as_uuid())
        .bind(owner.as_uuid())
        .bind(WHOLE.to_owned());
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        found.as_ref().map(Archive::read).transpose()
    }

    async fn oldest_archive(
        &self,
        owner: UserId,
        made: Timestamp,
    ) -> Result<Option<ArchiveId>, DatabaseError> {
        let select = Statement::<DB>::new(
            "SELECT id FROM archives WHERE owner = ? AND state = ? AND create_time <= ? \
             ORDER BY create_time, id LIMIT 1",
        )
        .bind(owner.as_uuid())
        .bind(WHOLE.to_owned())
        .bind(made.as_microsecond());
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        let id = found.map(|row| row.get("id")).transpose()?;
        Ok(id.map(ArchiveId::from_uuid))
    }

    async fn archives_of(
        &self,
        owner: UserId,
        most: u32,
    ) -> Result<Vec<ArchiveTrace>, DatabaseError> {
        let select = Statement::<DB>::new(
            "SELECT id, owner, update_time FROM archives WHERE owner = ? AND state <> ? LIMIT ?",
        )
        .bind(owner.as_uuid())
        .bind(DOOMED.to_owned())
        .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        rows.iter().map(ArchiveTrace::read).collect()
    }

    async fn overdue_archives(
        &self,
        written: Timestamp,
        made: Timestamp,
        after: Option<ArchiveId>,
        most: u32,
    ) -> Result<Vec<ArchiveTrace>, DatabaseError> {
        let select = Statement::<DB>::new(
            "SELECT id, owner, update_time FROM archives WHERE (state = ? \
             OR (state = ? AND update_time <= ?) OR (state = ? AND create_time <= ?))",
        )
        .bind(DOOMED.to_owned())
        .bind(WRITING.to_owned())
        .bind(written.as_microsecond())
        .bind(WHOLE.to_owned())
        .bind(made.as_microsecond())
        .push_some(" AND id > ?", after.map(|id| id.as_uuid()))
        .push(" ORDER BY id LIMIT ?")
        .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        rows.iter().map(ArchiveTrace::read).collect()
    }

    async fn doom_archive(
        &self,
        owner: UserId,
        id: ArchiveId,
        seen: Option<Timestamp>,
    ) -> Result<bool, DatabaseError> {
        settled(|| async {
            let mut transaction = self.pools.transaction().await?;
            let Some(row) = Owner::lock::<DB>(&mut transaction, owner).await? else {
                return Ok(false);
            };
            let select =
                Statement::<DB>::new("SELECT state, size FROM archives WHERE id = ? AND owner = ?")
                    .bind(id.as_uuid())
                    .bind(owner.as_uuid())
                    .push_some(" AND update_time = ?", seen.map(Timestamp::as_microsecond))
                    .locking();
            let Some(found) = select.fetch_optional(&mut transaction).await? else {
                return Ok(false);
            };
            if found.get::<String>("state")? == WHOLE {
                let size = found.get::<i64>("size")?.unsigned_abs();
                let bytes = row.usage.bytes.saturating_sub(size);
                let usage = Usage { bytes, ..row.usage };
                owners::count::<DB>(&mut transaction, owner, usage).await?;
            }
            Statement::<DB>::new("UPDATE archives SET state = ? WHERE id = ?")
                .bind(DOOMED.to_owned())
                .bind(id.as_uuid())
                .execute(&mut transaction)
                .await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn forget_archive(&self, id: ArchiveId) -> Result<(), DatabaseError> {
        let delete = Statement::<DB>::new("DELETE FROM archives WHERE id = ? AND state = ?")
            .bind(id.as_uuid())
            .bind(DOOMED.to_owned());
        let mut writer = self.pools.writer().await?;
        delete.execute(&mut writer).await
    }

    async fn unknown_archives(&self, ids: &[ArchiveId]) -> Result<Vec<ArchiveId>, DatabaseError> {
        let select = Statement::<DB>::new("SELECT id FROM archives")
            .push_list(" WHERE id IN", ids.iter().map(ArchiveId::as_uuid));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        let known: Vec<_> = rows
            .iter()
            .map(|row| row.get("id").map(ArchiveId::from_uuid))
            .collect::<Result<_, _>>()?;
        let unknown = ids.iter().filter(|id| !known.contains(id));
        Ok(unknown.copied().collect())
    }
}

/// The statement that announces an archive.
fn insert<DB: Dialect>(new: &Archive) -> Statement<DB> {
    Statement::new(
        "INSERT INTO archives (id, owner, name, state, size, piece_size, create_time, update_time) \
         VALUES (?, ?, ?, ?, 0, ?, ?, ?)",
    )
    .bind(new.id.as_uuid())
    .bind(new.owner.as_uuid())
    .bind(new.name.clone())
    .bind(WRITING.to_owned())
    .bind(number(new.piece_size))
    .bind(new.create_time.as_microsecond())
    .bind(new.create_time.as_microsecond())
}

impl Archive {
    fn read<DB: Dialect>(row: &Row<DB>) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: ArchiveId::from_uuid(row.get("id")?),
            owner: UserId::from_uuid(row.get("owner")?),
            name: row.get("name")?,
            size: row.get::<i64>("size")?.unsigned_abs(),
            piece_size: row.get::<i64>("piece_size")?.unsigned_abs(),
            create_time: time(row, "create_time")?,
        })
    }
}

impl ArchiveTrace {
    fn read<DB: Dialect>(row: &Row<DB>) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: ArchiveId::from_uuid(row.get("id")?),
            owner: UserId::from_uuid(row.get("owner")?),
            changed: time(row, "update_time")?,
        })
    }
}
