//! The table `album_links`.

use jiff::Timestamp;
use pupila_core::{AlbumId, Digest, Guest, LinkId, Listing, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use crate::{
    albums::{
        Album, Link,
        link::{KnownLink, LinkLock},
    },
    once::Once,
    sql::{digest, newest_first, optional_time, time},
};

/// Reads links; what is pushed after it says which.
pub(super) const SELECT: &str = "SELECT id, create_time, expire_time, password_hash IS NOT NULL AS has_password, \
     last_use_time FROM album_links";

const INSERT: &str = "INSERT INTO album_links (id, album, owner, token_sha256, password_hash, \
     create_time, expire_time, idempotency_key, idempotency_digest) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The statement that stores a link.
pub(in crate::albums) fn insert<DB: Dialect>(
    album: &Album,
    link: &Link,
    lock: &LinkLock,
    once: Option<&Once>,
) -> Statement<DB> {
    Statement::new(INSERT)
        .bind(link.id.as_uuid())
        .bind(album.id.as_uuid())
        .bind(album.owner.as_uuid())
        .bind(lock.token.as_bytes().to_vec())
        .bind(lock.password_hash.clone())
        .bind(link.create_time.as_microsecond())
        .bind(link.expire_time.map(|time| time.as_microsecond()))
        .bind(once.map(|once| once.key.clone()))
        .bind(once.map(|once| once.digest.as_bytes().to_vec()))
}

/// What was asked for when a link was made with a key.
pub(in crate::albums) async fn made_with<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    key: &str,
) -> Result<Option<Digest>, DatabaseError> {
    let select =
        "SELECT idempotency_digest FROM album_links WHERE owner = ? AND idempotency_key = ?";
    let row = Statement::<DB>::new(select)
        .bind(owner.as_uuid())
        .bind(key.to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| digest(&row, "idempotency_digest"))
        .transpose()
}

/// A page of an album's links, the newest first.
pub(in crate::albums) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    album: AlbumId,
    of: Page,
) -> Result<Listing<Link>, DatabaseError> {
    let select = listed::<DB>(Statement::new(SELECT), album, of);
    let rows = select.fetch_all(connection).await?;
    let links: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(of.cut(links, Link::cursor))
}

/// The statement that counts an album's links.
pub(in crate::albums) fn count<DB: Dialect>(album: AlbumId) -> Statement<DB> {
    Statement::new("SELECT COUNT(*) AS there FROM album_links WHERE album = ?")
        .bind(album.as_uuid())
}

/// The statement that ends a link of an album.
pub(in crate::albums) fn delete<DB: Dialect>(album: AlbumId, id: LinkId) -> Statement<DB> {
    Statement::new("DELETE FROM album_links WHERE album = ? AND id = ?")
        .bind(album.as_uuid())
        .bind(id.as_uuid())
}

/// The link of a token, whether it has ended or not.
pub(in crate::albums) async fn known<DB: Dialect>(
    connection: &mut DB::Connection,
    token: &Digest,
) -> Result<Option<KnownLink>, DatabaseError> {
    let select =
        "SELECT id, album, expire_time, password_hash FROM album_links WHERE token_sha256 = ?";
    let row = Statement::<DB>::new(select)
        .bind(token.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(KnownLink {
            guest: Guest {
                link: LinkId::from_uuid(row.get("id")?),
                album: AlbumId::from_uuid(row.get("album")?),
            },
            expire_time: optional_time(&row, "expire_time")?,
            password_hash: row.get("password_hash")?,
        })
    })
    .transpose()
}

/// The statement that writes when a link was used, unless that is written already.
pub(in crate::albums) fn used<DB: Dialect>(id: LinkId, minute: Timestamp) -> Statement<DB> {
    Statement::new("UPDATE album_links SET last_use_time = ? WHERE id = ?")
        .push(" AND (last_use_time IS NULL OR last_use_time < ?)")
        .bind(minute.as_microsecond())
        .bind(id.as_uuid())
        .bind(minute.as_microsecond())
}

/// The statement that writes a newer hash of a link's password.
pub(in crate::albums) fn rehashed<DB: Dialect>(id: LinkId, password_hash: String) -> Statement<DB> {
    Statement::new("UPDATE album_links SET password_hash = ? WHERE id = ?")
        .bind(password_hash)
        .bind(id.as_uuid())
}

/// Adds to a reading of links that it is of a page of an album's.
pub(super) fn listed<DB: Dialect>(
    select: Statement<DB>,
    album: AlbumId,
    of: Page,
) -> Statement<DB> {
    let select = select
        .through_index("album_links_by_time")
        .push(" WHERE album = ?")
        .bind(album.as_uuid());
    newest_first(select, of)
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Link, DatabaseError> {
    Ok(Link {
        id: LinkId::from_uuid(row.get("id")?),
        create_time: time(row, "create_time")?,
        expire_time: optional_time(row, "expire_time")?,
        has_password: row.get::<i64>("has_password")? != 0,
        last_use_time: optional_time(row, "last_use_time")?,
    })
}
