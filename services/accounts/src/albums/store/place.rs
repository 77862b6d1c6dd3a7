//! The table `album_images`: which image stands where.

use pupila_core::{AlbumId, ImageId, Listing, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::sql::{Order, page};
use crate::{albums::AlbumImage, sql::time};

/// Reads places; what is pushed after it says which.
pub(super) const SELECT: &str = "SELECT image, added_by, add_time, position FROM album_images";

const BY_POSITION: Order = Order {
    behind: " AND position >= ? AND (position > ? OR image > ?)",
    by: " ORDER BY position, image LIMIT ?",
};

/// Places that are read at once to be cleared.
const SOME: i64 = 200;

/// A page of an album's images in its order; where `only` has any, of those among them.
pub(in crate::albums) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    album: AlbumId,
    only: &[ImageId],
    of: Page,
) -> Result<Listing<AlbumImage>, DatabaseError> {
    let select = listed::<DB>(Statement::new(SELECT), album, only, of);
    let rows = select.fetch_all(connection).await?;
    let images: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(of.cut(images, AlbumImage::cursor))
}

/// Whether an album has an image.
pub(in crate::albums) async fn has<DB: Dialect>(
    connection: &mut DB::Connection,
    album: AlbumId,
    image: ImageId,
) -> Result<bool, DatabaseError> {
    let row = Statement::<DB>::new("SELECT image FROM album_images WHERE album = ? AND image = ?")
        .bind(album.as_uuid())
        .bind(image.as_uuid())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Some of the places that images have in albums; none when they are in none.
pub(in crate::albums) async fn some_of<DB: Dialect>(
    connection: &mut DB::Connection,
    images: &[ImageId],
) -> Result<Vec<(AlbumId, ImageId)>, DatabaseError> {
    let ids = images.iter().map(ImageId::as_uuid);
    let select = Statement::new("SELECT DISTINCT album, image FROM album_image_adders");
    some::<DB>(connection, select.push_list(" WHERE image IN", ids)).await
}

/// Some of the places of images that a user added; none when there are none.
pub(in crate::albums) async fn some_added_by<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<Vec<(AlbumId, ImageId)>, DatabaseError> {
    let select = "SELECT album, image FROM album_image_adders WHERE added_by = ?";
    some::<DB>(connection, Statement::new(select).bind(user.as_uuid())).await
}

async fn some<DB: Dialect>(
    connection: &mut DB::Connection,
    select: Statement<DB>,
) -> Result<Vec<(AlbumId, ImageId)>, DatabaseError> {
    let select = select.push(" ORDER BY album, image LIMIT ?").bind(SOME);
    let rows = select.fetch_all(connection).await?;
    let places = rows.iter().map(|row| {
        let album = row.get("album").map(AlbumId::from_uuid)?;
        Ok((album, row.get("image").map(ImageId::from_uuid)?))
    });
    places.collect()
}

/// Adds to a reading of places that it is of a page of an album; where `only` has any, of those among them.
pub(super) fn listed<DB: Dialect>(
    select: Statement<DB>,
    album: AlbumId,
    only: &[ImageId],
    of: Page,
) -> Statement<DB> {
    let select = if only.is_empty() {
        select
            .through_index("album_images_by_position")
            .push(" WHERE album = ?")
            .bind(album.as_uuid())
    } else {
        // A few are found by their names and sorted.
        select
            .push(" WHERE album = ?")
            .bind(album.as_uuid())
            .push_list(" AND image IN", only.iter().map(ImageId::as_uuid))
    };
    page(select, &BY_POSITION, of)
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<AlbumImage, DatabaseError> {
    Ok(AlbumImage {
        image: ImageId::from_uuid(row.get("image")?),
        added_by: UserId::from_uuid(row.get("added_by")?),
        add_time: time(row, "add_time")?,
        position: row.get("position")?,
    })
}
