//! Images that go out of an album.

use jiff::Timestamp;
use pupila_core::{ImageId, UserId};
use pupila_db::{DatabaseError, Dialect, Statement};
use uuid::Uuid;

use super::{album, place};
use crate::albums::Album;

/// On whose behalf images go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::albums) enum Behalf {
    /// Of all who added them.
    Everybody,
    /// Of one who added them, or not.
    Adder(UserId),
}

/// Takes images out of an album that is locked. Those that others added too stay when one who added them leaves.
/// Tells how many were meant.
pub(in crate::albums) async fn leave<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: Album,
    images: &[ImageId],
    behalf: Behalf,
    now: Timestamp,
) -> Result<u64, DatabaseError> {
    match behalf {
        Behalf::Everybody => {
            let gone = delete::<DB>(&album, images)
                .rows_affected(transaction)
                .await?;
            settle::<DB>(transaction, album, gone, now).await?;
            Ok(gone)
        }
        Behalf::Adder(user) => {
            let withdrawn = withdraw::<DB>(&album, images, user)
                .rows_affected(transaction)
                .await?;
            let gone = delete::<DB>(&album, images)
                .push(" AND NOT EXISTS (SELECT 1 FROM album_image_adders s")
                .push(" WHERE s.album = album_images.album AND s.image = album_images.image)")
                .rows_affected(transaction)
                .await?;
            hand_over::<DB>(&album, images, user)
                .execute(transaction)
                .await?;
            settle::<DB>(transaction, album, gone, now).await?;
            Ok(withdrawn)
        }
    }
}

fn delete<DB: Dialect>(album: &Album, images: &[ImageId]) -> Statement<DB> {
    Statement::new("DELETE FROM album_images WHERE album = ?")
        .bind(album.id.as_uuid())
        .push_list(" AND image IN", ids(images))
}

fn withdraw<DB: Dialect>(album: &Album, images: &[ImageId], user: UserId) -> Statement<DB> {
    Statement::new("DELETE FROM album_image_adders WHERE album = ? AND added_by = ?")
        .bind(album.id.as_uuid())
        .bind(user.as_uuid())
        .push_list(" AND image IN", ids(images))
}

/// Names another one of those who added an image as the one who did.
fn hand_over<DB: Dialect>(album: &Album, images: &[ImageId], user: UserId) -> Statement<DB> {
    Statement::new("UPDATE album_images SET added_by =")
        .push(" (SELECT MIN(s.added_by) FROM album_image_adders s")
        .push(" WHERE s.album = album_images.album AND s.image = album_images.image)")
        .push(" WHERE album = ? AND added_by = ?")
        .bind(album.id.as_uuid())
        .bind(user.as_uuid())
        .push_list(" AND image IN", ids(images))
}

/// Writes into the album that `gone` images went.
async fn settle<DB: Dialect>(
    transaction: &mut DB::Connection,
    before: Album,
    gone: u64,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    if gone == 0 {
        return Ok(());
    }
    let count = before.image_count.saturating_sub(gone);
    let mut after = before.holding(count, now);
    if let Some(cover) = after.cover
        && !place::has::<DB>(transaction, after.id, cover).await?
    {
        after = after.uncovered();
    }
    album::update::<DB>(&after).execute(transaction).await
}

fn ids(images: &[ImageId]) -> impl Iterator<Item = Uuid> {
    images.iter().map(ImageId::as_uuid)
}
