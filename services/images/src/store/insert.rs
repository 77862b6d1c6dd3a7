//! Storing an image: one transaction.

use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{
    Backing, Insertion, NewImage, Usage,
    objects::insert_loose,
    owners::{self, Owner},
    remove::{self, Gone},
    row::{self, bytes, number},
};
use crate::{
    image::{Image, Purpose},
    objects::Original,
};

pub(super) async fn insert<DB: Dialect>(
    pools: &Pools<DB>,
    new: &NewImage<'_>,
) -> Result<Insertion, DatabaseError> {
    let Image { owner, purpose, .. } = new.image;
    let mut transaction = pools.transaction().await?;
    let Some(row) = Owner::lock::<DB>(&mut transaction, *owner).await? else {
        return Ok(Insertion::UnknownOwner);
    };
    if row.erased {
        return Ok(Insertion::Erased);
    }
    let replaced = match purpose {
        Purpose::Library => Vec::new(),
        Purpose::Avatar => {
            remove::select::<DB>(&mut transaction, *owner, Some(Purpose::Avatar), None).await?
        }
    };
    let Some(usage) = usage_after(row.usage, new, &replaced) else {
        return Ok(Insertion::QuotaExceeded(row.usage));
    };
    owners::count::<DB>(&mut transaction, *owner, usage).await?;
    let mut doomed = Vec::new();
    match new.backing {
        Backing::Shared => {}
        Backing::Written(original) => {
            if !claim::<DB>(&mut transaction, original).await? {
                return Ok(Insertion::ObjectDoomed);
            }
            match insert_blob::<DB>(&mut transaction, original, new.image).await {
                Err(error) if error.is_unique_violation() => return Ok(Insertion::BlobTaken),
                result => result?,
            }
        }
        Backing::Mended { written, lost } => {
            if !claim::<DB>(&mut transaction, written).await? {
                return Ok(Insertion::ObjectDoomed);
            }
            if !rename::<DB>(&mut transaction, lost, written).await? {
                return Ok(Insertion::BlobGone);
            }
            // It may be there nevertheless: damaged, or come back.
            insert_loose::<DB>(lost, true, new.image.create_time)
                .execute(&mut transaction)
                .await?;
            doomed.push(lost);
        }
    }
    match row::insert::<DB>(new).execute(&mut transaction).await {
        Err(error) if error.is_unique_violation() => return Ok(Insertion::KeyTaken),
        Err(error) if error.is_foreign_key_violation() => return Ok(Insertion::BlobGone),
        result => result?,
    }
    // After the new one is there, so that a blob which both have stays.
    let unused = remove::delete::<DB>(&mut transaction, &replaced, new.image.create_time).await?;
    doomed.extend(unused);
    transaction.commit().await?;
    Ok(Insertion::Done(doomed))
}

/// What the owner stores with the new image; `None` where there is no room. What frees bytes always has room.
fn usage_after(usage: Usage, new: &NewImage<'_>, replaced: &[Gone]) -> Option<Usage> {
    let freed: u64 = replaced.iter().map(|image| image.size).sum();
    let bytes = usage
        .bytes
        .saturating_sub(freed)
        .saturating_add(new.image.file.size);
    let quota = usage.quota_or(new.default_quota);
    (bytes <= quota || bytes <= usage.bytes).then_some(Usage {
        images: usage.images.saturating_sub(replaced.len() as u64) + 1,
        bytes,
        ..usage
    })
}

/// Makes a loose object one that a blob may name; `false` where it was doomed.
async fn claim<DB: Dialect>(
    transaction: &mut DB::Connection,
    original: Original,
) -> Result<bool, DatabaseError> {
    let delete =
        Statement::<DB>::new("DELETE FROM loose_objects WHERE generation = ? AND doomed = ?")
            .bind(original.generation)
            .bind(false);
    Ok(delete.rows_affected(transaction).await? == 1)
}

async fn insert_blob<DB: Dialect>(
    transaction: &mut DB::Connection,
    original: Original,
    image: &Image,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new(
        "INSERT INTO blobs (sha256, generation, size, create_time) VALUES (?, ?, ?, ?)",
    )
    .bind(bytes(original.sha256))
    .bind(original.generation)
    .bind(number(image.file.size))
    .bind(image.create_time.as_microsecond())
    .execute(transaction)
    .await
}

/// Makes a blob name another object; `false` where it does not name the old one any more.
async fn rename<DB: Dialect>(
    transaction: &mut DB::Connection,
    old: Original,
    new: Original,
) -> Result<bool, DatabaseError> {
    let update =
        Statement::<DB>::new("UPDATE blobs SET generation = ? WHERE sha256 = ? AND generation = ?")
            .bind(new.generation)
            .bind(bytes(old.sha256))
            .bind(old.generation);
    Ok(update.rows_affected(transaction).await? == 1)
}
