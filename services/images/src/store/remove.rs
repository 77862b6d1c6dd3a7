//! Deleting images: one transaction, at whose end no blob is without images.

use jiff::Timestamp;
use pupila_core::{Digest, ImageId, Revision, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Row, Statement};
use uuid::Uuid;

use super::{
    Removal, Removed, Usage,
    owners::{self, Owner},
    row::{self, bytes},
};
use crate::{image::Purpose, objects::Original};

/// What has to be known of an image to delete it.
pub(super) struct Gone {
    id: ImageId,
    purpose: Purpose,
    sha256: Digest,
    pub(super) size: u64,
    revision: Revision,
}

pub(super) async fn remove<DB: Dialect>(
    pools: &Pools<DB>,
    removal: &Removal<'_>,
) -> Result<Removed, DatabaseError> {
    let Removal { owner, .. } = *removal;
    let mut transaction = pools.transaction().await?;
    let Some(row) = Owner::lock::<DB>(&mut transaction, owner).await? else {
        return Ok(Removed::Done(0, Vec::new()));
    };
    let gone = select::<DB>(&mut transaction, owner, removal.purpose, Some(removal.ids)).await?;
    let differs = |image: &Gone| {
        removal
            .expected
            .is_some_and(|expected| expected != image.revision)
    };
    if gone.iter().any(differs) {
        return Ok(Removed::RevisionMismatch);
    }
    let freed: u64 = gone.iter().map(|image| image.size).sum();
    let usage = Usage {
        images: row.usage.images.saturating_sub(gone.len() as u64),
        bytes: row.usage.bytes.saturating_sub(freed),
        ..row.usage
    };
    owners::count::<DB>(&mut transaction, owner, usage).await?;
    let doomed = delete::<DB>(&mut transaction, &gone, removal.now).await?;
    transaction.commit().await?;
    Ok(Removed::Done(gone.len(), doomed))
}

/// The owner's images of that purpose, or those of them that have these ids. In the order of their digests, in which
/// everybody locks blobs.
pub(super) async fn select<DB: Dialect>(
    transaction: &mut DB::Connection,
    owner: UserId,
    purpose: Option<Purpose>,
    ids: Option<&[ImageId]>,
) -> Result<Vec<Gone>, DatabaseError> {
    let select = Statement::<DB>::new(
        "SELECT id, purpose, sha256, size, revision FROM images WHERE owner = ?",
    )
    .bind(owner.as_uuid())
    .push_some(
        " AND purpose = ?",
        purpose.map(|purpose| purpose.as_str().to_owned()),
    );
    let select = match ids {
        Some(ids) => select.push_list(" AND id IN", ids.iter().map(ImageId::as_uuid)),
        None => select,
    };
    let rows = select
        .push(" ORDER BY sha256")
        .fetch_all(transaction)
        .await?;
    rows.iter().map(Gone::read).collect()
}

/// Deletes the images, of an owner whose row is locked. Answers the objects that nobody needs any more.
pub(super) async fn delete<DB: Dialect>(
    transaction: &mut DB::Connection,
    gone: &[Gone],
    now: Timestamp,
) -> Result<Vec<Original>, DatabaseError> {
    let mut doomed = Vec::new();
    for image in gone {
        let blob = lock_blob::<DB>(transaction, image.sha256).await?;
        Statement::<DB>::new("DELETE FROM images WHERE id = ?")
            .bind(image.id.as_uuid())
            .execute(transaction)
            .await?;
        if image.purpose == Purpose::Library {
            depart::<DB>(transaction, image.id).await?;
        }
        if let Some(original) = blob
            && delete_blob::<DB>(transaction, original, now).await?
        {
            doomed.push(original);
        }
    }
    Ok(doomed)
}

/// Keeps everybody else from a blob until the transaction ends, those who give it one more image among them.
pub(super) async fn lock_blob<DB: Dialect>(
    transaction: &mut DB::Connection,
    sha256: Digest,
) -> Result<Option<Original>, DatabaseError> {
    let select = Statement::<DB>::new("SELECT generation FROM blobs WHERE sha256 = ?")
        .bind(bytes(sha256))
        .locking();
    let found = select.fetch_optional(transaction).await?;
    let generation = found.map(|row| row.get::<Uuid>("generation")).transpose()?;
    Ok(generation.map(|generation| Original { sha256, generation }))
}

/// Deletes a locked blob unless an image has it, and dooms its object.
pub(super) async fn delete_blob<DB: Dialect>(
    transaction: &mut DB::Connection,
    original: Original,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let delete = Statement::<DB>::new(
        "DELETE FROM blobs WHERE sha256 = ? \
         AND NOT EXISTS (SELECT 1 FROM images WHERE images.sha256 = ?)",
    )
    .bind(bytes(original.sha256))
    .bind(bytes(original.sha256));
    if delete.rows_affected(transaction).await? == 0 {
        return Ok(false);
    }
    super::objects::insert_loose::<DB>(original, true, now)
        .execute(transaction)
        .await?;
    Ok(true)
}

async fn depart<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: ImageId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("INSERT INTO departures (image_id) VALUES (?)")
        .bind(id.as_uuid())
        .execute(transaction)
        .await
}

impl Gone {
    fn read<DB: Dialect>(row: &Row<DB>) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: ImageId::from_uuid(row.get("id")?),
            purpose: row::parsed(row, "purpose", |name: String| Purpose::from_name(&name))?,
            sha256: row::digest(row, "sha256")?,
            size: row.get::<i64>("size")?.unsigned_abs(),
            revision: Revision::new(row.get("revision")?),
        })
    }
}
