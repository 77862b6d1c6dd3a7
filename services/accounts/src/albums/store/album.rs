//! The table `albums`.

use pupila_core::{AlbumId, Digest, ImageId, Revision, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use crate::{
    albums::Album,
    once::Once,
    sql::{digest, time},
};

/// Reads whole albums from `albums a`; what is pushed after it may add columns, and says from where.
pub(super) const SELECT: &str = "SELECT a.id, a.owner, a.name, a.description, a.cover_image, \
     a.image_count, a.create_time, a.update_time, a.revision";

const INSERT: &str = "INSERT INTO albums (id, owner, name, description, cover_image, image_count, \
     create_time, update_time, revision, idempotency_key, idempotency_digest) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

const UPDATE: &str = "UPDATE albums SET name = ?, description = ?, cover_image = ?, \
     image_count = ?, update_time = ?, revision = ? WHERE id = ?";

/// The statement that stores an album.
pub(in crate::albums) fn insert<DB: Dialect>(album: &Album, once: Option<&Once>) -> Statement<DB> {
    Statement::new(INSERT)
        .bind(album.id.as_uuid())
        .bind(album.owner.as_uuid())
        .bind(album.name.clone())
        .bind(album.description.clone())
        .bind(album.cover.map(|image| image.as_uuid()))
        .bind(album.image_count.cast_signed())
        .bind(album.create_time.as_microsecond())
        .bind(album.update_time.as_microsecond())
        .bind(album.revision.get())
        .bind(once.map(|once| once.key.clone()))
        .bind(once.map(|once| once.digest.as_bytes().to_vec()))
}

/// The statement that writes what has changed of an album that is locked.
pub(in crate::albums) fn update<DB: Dialect>(album: &Album) -> Statement<DB> {
    Statement::new(UPDATE)
        .bind(album.name.clone())
        .bind(album.description.clone())
        .bind(album.cover.map(|image| image.as_uuid()))
        .bind(album.image_count.cast_signed())
        .bind(album.update_time.as_microsecond())
        .bind(album.revision.get())
        .bind(album.id.as_uuid())
}

/// The statement that deletes an album and all that belongs to it.
pub(in crate::albums) fn delete<DB: Dialect>(id: AlbumId) -> Statement<DB> {
    Statement::new("DELETE FROM albums WHERE id = ?").bind(id.as_uuid())
}

/// The statement that counts a user's albums.
pub(in crate::albums) fn count<DB: Dialect>(owner: UserId) -> Statement<DB> {
    Statement::new("SELECT COUNT(*) AS there FROM albums WHERE owner = ?").bind(owner.as_uuid())
}

/// Keeps everybody else from changing an album until the transaction ends; false where it is gone. Comes before any
/// other reading of the transaction, so that nothing that is read is older.
pub(super) async fn hold<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: AlbumId,
) -> Result<bool, DatabaseError> {
    let row = Statement::<DB>::new("SELECT id FROM albums WHERE id = ?")
        .bind(id.as_uuid())
        .locking()
        .fetch_optional(transaction)
        .await?;
    Ok(row.is_some())
}

/// Keeps everybody else from changing an album, and reads it; `None` where it is gone.
pub(in crate::albums) async fn lock<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: AlbumId,
) -> Result<Option<Album>, DatabaseError> {
    let row = Statement::<DB>::new(SELECT)
        .push(" FROM albums a WHERE a.id = ?")
        .bind(id.as_uuid())
        .locking()
        .fetch_optional(transaction)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The album that was made with a key, and what was asked for then.
pub(in crate::albums) async fn made_with<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    key: &str,
) -> Result<Option<(Album, Digest)>, DatabaseError> {
    let row = Statement::<DB>::new(SELECT)
        .push(", a.idempotency_digest FROM albums a WHERE a.owner = ? AND a.idempotency_key = ?")
        .bind(owner.as_uuid())
        .bind(key.to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((read(&row)?, digest(&row, "idempotency_digest")?)))
        .transpose()
}

/// Some of the albums that a user owns; none when there are none.
pub(in crate::albums) async fn some_of<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
) -> Result<Vec<AlbumId>, DatabaseError> {
    let rows = Statement::<DB>::new("SELECT id FROM albums WHERE owner = ? LIMIT 100")
        .bind(owner.as_uuid())
        .fetch_all(connection)
        .await?;
    let ids = rows.iter().map(|row| row.get("id").map(AlbumId::from_uuid));
    ids.collect()
}

/// The album that a row holds.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Album, DatabaseError> {
    Ok(Album {
        id: AlbumId::from_uuid(row.get("id")?),
        owner: UserId::from_uuid(row.get("owner")?),
        name: row.get("name")?,
        description: row.get("description")?,
        cover: row
            .get::<Option<Uuid>>("cover_image")?
            .map(ImageId::from_uuid),
        // A count is not negative.
        image_count: row.get::<i64>("image_count")?.unsigned_abs(),
        create_time: time(row, "create_time")?,
        update_time: time(row, "update_time")?,
        revision: Revision::new(row.get("revision")?),
    })
}
