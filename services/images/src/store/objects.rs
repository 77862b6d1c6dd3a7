//! The rows of objects: blobs, and loose ones.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::Digest;
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::{
    Blob, Loose, ObjectLedger, remove,
    row::{bytes, digest, time},
    sql::{SqlStore, settled},
};
use crate::objects::{Original, Shard};

/// The statement that makes an object a loose one.
pub(super) fn insert_loose<DB: Dialect>(
    original: Original,
    doomed: bool,
    now: Timestamp,
) -> Statement<DB> {
    Statement::new(
        "INSERT INTO loose_objects (generation, sha256, doomed, create_time) VALUES (?, ?, ?, ?)",
    )
    .bind(original.generation)
    .bind(bytes(original.sha256))
    .bind(doomed)
    .bind(now.as_microsecond())
}

#[async_trait]
impl<DB: Dialect> ObjectLedger for SqlStore<DB> {
    async fn name(&self, new: Uuid) -> Result<Uuid, DatabaseError> {
        let insert = Statement::<DB>::new("INSERT INTO installation (one, name) VALUES (1, ?)");
        let mut writer = self.pools.writer().await?;
        match insert.bind(new).execute(&mut writer).await {
            Err(error) if error.is_unique_violation() => {}
            result => result?,
        }
        let select = Statement::<DB>::new("SELECT name FROM installation");
        let found = select.fetch_optional(&mut writer).await?;
        found.map_or(Ok(new), |row| row.get("name"))
    }

    async fn original(&self, sha256: Digest) -> Result<Option<Original>, DatabaseError> {
        let select = Statement::<DB>::new("SELECT sha256, generation FROM blobs WHERE sha256 = ?")
            .bind(bytes(sha256));
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        found.as_ref().map(read).transpose()
    }

    async fn announce(&self, original: Original, now: Timestamp) -> Result<(), DatabaseError> {
        let mut writer = self.pools.writer().await?;
        let insert = insert_loose::<DB>(original, false, now);
        insert.execute(&mut writer).await
    }

    async fn doom(&self, original: Original) -> Result<bool, DatabaseError> {
        let update =
            Statement::<DB>::new("UPDATE loose_objects SET doomed = ? WHERE generation = ?")
                .bind(true)
                .bind(original.generation);
        let mut writer = self.pools.writer().await?;
        Ok(update.rows_affected(&mut writer).await? == 1)
    }

    async fn loose(&self, after: Option<Original>, most: u32) -> Result<Vec<Loose>, DatabaseError> {
        let select = Statement::<DB>::new(
            "SELECT sha256, generation, doomed, create_time FROM loose_objects",
        )
        .push_some(
            " WHERE generation > ?",
            after.map(|original| original.generation),
        )
        .push(" ORDER BY generation LIMIT ?")
        .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        let loose = rows.iter().map(|row| {
            Ok(Loose {
                original: read(row)?,
                doomed: row.get("doomed")?,
                since: time(row, "create_time")?,
            })
        });
        loose.collect()
    }

    async fn forget(&self, original: Original) -> Result<(), DatabaseError> {
        let delete =
            Statement::<DB>::new("DELETE FROM loose_objects WHERE generation = ? AND doomed = ?")
                .bind(original.generation)
                .bind(true);
        let mut writer = self.pools.writer().await?;
        delete.execute(&mut writer).await
    }

    async fn strangers(&self, originals: &[Original]) -> Result<Vec<Original>, DatabaseError> {
        // Loose ones first: an object that gets its blob between the two is found by the second.
        let loose = Statement::<DB>::new("SELECT generation FROM loose_objects").push_list(
            " WHERE generation IN",
            originals.iter().map(|original| original.generation),
        );
        let named = Statement::<DB>::new("SELECT generation FROM blobs").push_list(
            " WHERE sha256 IN",
            originals.iter().map(|original| bytes(original.sha256)),
        );
        let mut known = HashSet::new();
        let mut reader = self.pools.reader().await?;
        for select in [loose, named] {
            for row in select.fetch_all(&mut reader).await? {
                known.insert(row.get::<Uuid>("generation")?);
            }
        }
        let strange = |original: &&Original| !known.contains(&original.generation);
        Ok(originals.iter().filter(strange).copied().collect())
    }

    async fn blobs(
        &self,
        shard: Shard,
        after: Option<Digest>,
        most: u32,
    ) -> Result<Vec<Blob>, DatabaseError> {
        let [least, greatest] = shard.bounds();
        let select = Statement::<DB>::new(
            "SELECT sha256, generation, size, EXISTS (SELECT 1 FROM images \
             WHERE images.sha256 = blobs.sha256) AS used FROM blobs",
        )
        .push(" WHERE sha256 >= ? AND sha256 <= ?")
        .bind(least.to_vec())
        .bind(greatest.to_vec())
        .push_some(" AND sha256 > ?", after.map(bytes))
        .push(" ORDER BY sha256 LIMIT ?")
        .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        let blobs = rows.iter().map(|row| {
            Ok(Blob {
                original: read(row)?,
                size: row.get::<i64>("size")?.unsigned_abs(),
                used: row.get::<i64>("used")? != 0,
            })
        });
        blobs.collect()
    }

    async fn remove_unused(
        &self,
        sha256: Digest,
        now: Timestamp,
    ) -> Result<Option<Original>, DatabaseError> {
        settled(|| async {
            let mut transaction = self.pools.transaction().await?;
            let Some(original) = remove::lock_blob::<DB>(&mut transaction, sha256).await? else {
                return Ok(None);
            };
            let deleted = remove::delete_blob::<DB>(&mut transaction, original, now).await?;
            transaction.commit().await?;
            Ok(deleted.then_some(original))
        })
        .await
    }

    async fn unknown(&self, digests: &[Digest]) -> Result<Vec<Digest>, DatabaseError> {
        let select = Statement::<DB>::new("SELECT sha256 FROM blobs")
            .push_list(" WHERE sha256 IN", digests.iter().copied().map(bytes));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        let known: HashSet<Digest> = rows
            .iter()
            .map(|row| digest(row, "sha256"))
            .collect::<Result<_, _>>()?;
        let unknown = digests.iter().filter(|digest| !known.contains(digest));
        Ok(unknown.copied().collect())
    }
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Original, DatabaseError> {
    Ok(Original {
        sha256: digest(row, "sha256")?,
        generation: row.get("generation")?,
    })
}
