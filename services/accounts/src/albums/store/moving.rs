//! Images that move within an album.

use pupila_core::{AlbumId, ImageId};
use pupila_db::{DatabaseError, Dialect, Statement};

use crate::albums::{
    AlbumError,
    position::{self, GAP, Place},
};

/// Puts an image of an album that is locked behind another one, or in front of all.
pub(in crate::albums) async fn relocate<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: AlbumId,
    image: ImageId,
    after: Option<ImageId>,
) -> Result<(), AlbumError> {
    position_of::<DB>(transaction, album, image).await?;
    let before = match after {
        None => None,
        Some(after) => Some(position_of::<DB>(transaction, album, after).await?),
    };
    let next = next_position::<DB>(transaction, album, image, before).await?;
    let position = match position::between(before, next) {
        Place::Free(position) => position,
        Place::Crowded(position) => {
            make_room::<DB>(transaction, album, before).await?;
            position
        }
    };
    Statement::<DB>::new("UPDATE album_images SET position = ? WHERE album = ? AND image = ?")
        .bind(position)
        .bind(album.as_uuid())
        .bind(image.as_uuid())
        .execute(transaction)
        .await?;
    Ok(())
}

async fn position_of<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: AlbumId,
    image: ImageId,
) -> Result<i64, AlbumError> {
    let row =
        Statement::<DB>::new("SELECT position FROM album_images WHERE album = ? AND image = ?")
            .bind(album.as_uuid())
            .bind(image.as_uuid())
            .fetch_optional(transaction)
            .await?;
    let row = row.ok_or(AlbumError::ImageNotFound(image))?;
    Ok(row.get("position")?)
}

/// Where the first image behind `before` stands, other than the one that moves.
async fn next_position<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: AlbumId,
    moved: ImageId,
    before: Option<i64>,
) -> Result<Option<i64>, DatabaseError> {
    let row = Statement::<DB>::new("SELECT position FROM album_images")
        .through_index("album_images_by_position")
        .push(" WHERE album = ? AND image <> ?")
        .bind(album.as_uuid())
        .bind(moved.as_uuid())
        .push_some(" AND position > ?", before)
        .push(" ORDER BY position LIMIT 1")
        .fetch_optional(transaction)
        .await?;
    row.map(|row| row.get("position")).transpose()
}

/// Moves all images behind `before` on by a gap.
async fn make_room<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: AlbumId,
    before: Option<i64>,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("UPDATE album_images SET position = position + ? WHERE album = ?")
        .bind(GAP)
        .bind(album.as_uuid())
        .push_some(" AND position > ?", before)
        .execute(transaction)
        .await
}
