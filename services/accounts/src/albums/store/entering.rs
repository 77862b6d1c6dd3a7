//! Images that come into an album.

use std::collections::HashSet;

use jiff::Timestamp;
use pupila_core::{AlbumId, ImageId, UserId};
use pupila_db::{DatabaseError, Dialect, Statement};

use super::album;
use crate::albums::{Album, AlbumError, limits, position};

/// Puts images at the end of an album that is locked, each at most once, and answers the album with them.
pub(in crate::albums) async fn add<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: Album,
    images: &[ImageId],
    user: UserId,
    now: Timestamp,
) -> Result<Album, AlbumError> {
    let there = Statement::<DB>::new("SELECT image FROM album_images WHERE album = ?")
        .bind(album.id.as_uuid());
    let new = missing(transaction, there, images).await?;
    let album = if new.is_empty() {
        album
    } else {
        place::<DB>(transaction, album, &new, user, now).await?
    };

    let shared = "SELECT image FROM album_image_adders WHERE album = ? AND added_by = ?";
    let shared = Statement::<DB>::new(shared)
        .bind(album.id.as_uuid())
        .bind(user.as_uuid());
    let new = missing(transaction, shared, images).await?;
    if !new.is_empty() {
        share::<DB>(transaction, album.id, &new, user).await?;
    }
    Ok(album)
}

/// Those of `images` that a reading of images does not find.
async fn missing<DB: Dialect>(
    transaction: &mut DB::Connection,
    select: Statement<DB>,
    images: &[ImageId],
) -> Result<Vec<ImageId>, DatabaseError> {
    let ids = images.iter().map(ImageId::as_uuid);
    let select = select.push_list(" AND image IN", ids);
    let rows = select.fetch_all(transaction).await?;
    let found: HashSet<_> = rows
        .iter()
        .map(|row| row.get("image").map(ImageId::from_uuid))
        .collect::<Result<_, _>>()?;
    let missing = images.iter().filter(|image| !found.contains(image));
    Ok(missing.copied().collect())
}

async fn place<DB: Dialect>(
    transaction: &mut DB::Connection,
    before: Album,
    new: &[ImageId],
    user: UserId,
    now: Timestamp,
) -> Result<Album, AlbumError> {
    let count = before.image_count + new.len() as u64;
    if count > limits::IMAGES {
        return Err(AlbumError::full("images", limits::IMAGES));
    }
    let mut last = last_position::<DB>(transaction, before.id).await?;
    let mut insert = Statement::<DB>::new(
        "INSERT INTO album_images (album, image, added_by, add_time, position) VALUES ",
    );
    let mut row = "(?, ?, ?, ?, ?)";
    for image in new {
        let position = position::behind(last);
        insert = insert
            .push(row)
            .bind(before.id.as_uuid())
            .bind(image.as_uuid())
            .bind(user.as_uuid())
            .bind(now.as_microsecond())
            .bind(position);
        row = ", (?, ?, ?, ?, ?)";
        last = Some(position);
    }
    insert.execute(transaction).await?;
    let after = before.holding(count, now);
    album::update::<DB>(&after).execute(transaction).await?;
    Ok(after)
}

async fn last_position<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: AlbumId,
) -> Result<Option<i64>, DatabaseError> {
    let row = Statement::<DB>::new("SELECT position FROM album_images")
        .through_index("album_images_by_position")
        .push(" WHERE album = ? ORDER BY position DESC LIMIT 1")
        .bind(album.as_uuid())
        .fetch_optional(transaction)
        .await?;
    row.map(|row| row.get("position")).transpose()
}

async fn share<DB: Dialect>(
    transaction: &mut DB::Connection,
    album: AlbumId,
    new: &[ImageId],
    user: UserId,
) -> Result<(), DatabaseError> {
    let mut insert =
        Statement::<DB>::new("INSERT INTO album_image_adders (album, image, added_by) VALUES ");
    let mut row = "(?, ?, ?)";
    for image in new {
        insert = insert
            .push(row)
            .bind(album.as_uuid())
            .bind(image.as_uuid())
            .bind(user.as_uuid());
        row = ", (?, ?, ?)";
    }
    insert.execute(transaction).await
}
