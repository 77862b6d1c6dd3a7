//! The table `album_image_adders`, asked by those who do not own an image: who shares it with them?

use jiff::Timestamp;
use pupila_core::{Guest, ImageId, UserId};
use pupila_db::{DatabaseError, Dialect, Statement};

use crate::albums::{OwnedImage, Reader};

/// Reads images that somebody added.
pub(super) const SELECT: &str = "SELECT DISTINCT s.image FROM album_image_adders s";

/// Those of `images`, of which there must be some, that were added by their owner to an album that `reader` may see.
pub(in crate::albums) async fn shared<DB: Dialect>(
    connection: &mut DB::Connection,
    images: &[OwnedImage],
    reader: Reader,
    now: Timestamp,
) -> Result<Vec<ImageId>, DatabaseError> {
    let select = Statement::<DB>::new(SELECT);
    let select = match reader {
        Reader::User(user) => with_user(select, images, user),
        Reader::Guest(guest) => with_guest(select, images, guest, now),
    };
    let rows = select.fetch_all(connection).await?;
    let images = rows
        .iter()
        .map(|row| row.get("image").map(ImageId::from_uuid));
    images.collect()
}

/// Adds to a reading that it is of what was added to albums that a user owns or was let into.
pub(super) fn with_user<DB: Dialect>(
    select: Statement<DB>,
    images: &[OwnedImage],
    user: UserId,
) -> Statement<DB> {
    let select = select
        .through_index("album_image_adders_by_image")
        // Every image is in an album; as an outer join it is found by the image, and not the other way about.
        .push(" LEFT JOIN albums a ON a.id = s.album")
        .push(" LEFT JOIN album_members m")
        .through_index("album_members_by_user")
        .push(" ON m.album = s.album AND m.user_id = ?")
        .push(" WHERE (a.owner = ? OR m.id IS NOT NULL)")
        .bind(user.as_uuid())
        .bind(user.as_uuid());
    added_by_owners(select, images)
}

/// Adds to a reading that it is of what was added to a guest's album, while their link holds.
pub(super) fn with_guest<DB: Dialect>(
    select: Statement<DB>,
    images: &[OwnedImage],
    guest: Guest,
    now: Timestamp,
) -> Statement<DB> {
    let select = select
        .push(" JOIN album_links l ON l.album = s.album")
        .push(" WHERE l.id = ? AND (l.expire_time IS NULL OR l.expire_time > ?)")
        .push(" AND s.album = ?")
        .bind(guest.link.as_uuid())
        .bind(now.as_microsecond())
        .bind(guest.album.as_uuid())
        .push_list(
            " AND s.image IN",
            images.iter().map(|owned| owned.image.as_uuid()),
        );
    added_by_owners(select, images)
}

fn added_by_owners<DB: Dialect>(
    mut statement: Statement<DB>,
    images: &[OwnedImage],
) -> Statement<DB> {
    let mut next = " AND (s.image = ? AND s.added_by = ?";
    for OwnedImage { image, owner } in images {
        statement = statement
            .push(next)
            .bind(image.as_uuid())
            .bind(owner.as_uuid());
        next = " OR s.image = ? AND s.added_by = ?";
    }
    statement.push(")")
}
