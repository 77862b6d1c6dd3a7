//! Which albums somebody sees, and what they may do with them.

use std::cmp::Reverse;

use jiff::Timestamp;
use pupila_core::{AlbumId, Guest, Listing, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::{
    album,
    sql::{Order, page},
};
use crate::{
    albums::{AlbumRole, AlbumView, MemberRole, Reader},
    sql::broken,
};

const OWNED: Order = Order {
    behind: " AND a.create_time <= ? AND (a.create_time < ? OR a.id < ?)",
    by: " ORDER BY a.create_time DESC, a.id DESC LIMIT ?",
};
const JOINED: Order = Order {
    behind: " AND m.album_create_time <= ? AND (m.album_create_time < ? OR m.album < ?)",
    by: " ORDER BY m.album_create_time DESC, m.album DESC LIMIT ?",
};

/// An album as `reader` sees it at `now`; `None` where there is none that they may see.
pub(in crate::albums) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    id: AlbumId,
    reader: Reader,
    now: Timestamp,
) -> Result<Option<AlbumView>, DatabaseError> {
    let select = Statement::<DB>::new(album::SELECT);
    let select = match reader {
        Reader::User(user) => seen_by_user(select, id, user),
        Reader::Guest(guest) => seen_by_guest(select, id, guest, now),
    };
    let row = select.fetch_optional(connection).await?;
    row.map(|row| read(&row, reader)).transpose()
}

/// Keeps everybody else from changing an album, and reads it as a user sees it; `None` where they may not.
pub(in crate::albums) async fn lock<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: AlbumId,
    user: UserId,
) -> Result<Option<AlbumView>, DatabaseError> {
    if !album::hold::<DB>(transaction, id).await? {
        return Ok(None);
    }
    let select = seen_by_user::<DB>(Statement::new(album::SELECT), id, user);
    let row = select.fetch_optional(transaction).await?;
    row.map(|row| read(&row, Reader::User(user))).transpose()
}

/// A page of the albums that a user owns or was let into, the newest first. `snapshot` is a transaction, so that both
/// halves are of the same moment.
pub(in crate::albums) async fn list<DB: Dialect>(
    snapshot: &mut DB::Connection,
    user: UserId,
    of: Page,
) -> Result<Listing<AlbumView>, DatabaseError> {
    let select = || Statement::<DB>::new(album::SELECT);
    let mut rows = owned(select(), user, of).fetch_all(snapshot).await?;
    rows.extend(joined(select(), user, of).fetch_all(snapshot).await?);
    let views = rows.iter().map(|row| read(row, Reader::User(user)));
    let mut views: Vec<_> = views.collect::<Result<_, _>>()?;
    views.sort_unstable_by_key(|view| Reverse((view.album.create_time, view.album.id)));
    Ok(of.cut(views, |view| view.album.cursor()))
}

/// Adds to a reading of albums that it is of a page of those that a user owns.
pub(super) fn owned<DB: Dialect>(select: Statement<DB>, user: UserId, of: Page) -> Statement<DB> {
    let select = select
        .push(", NULL AS role FROM albums a")
        .through_index("albums_by_owner")
        .push(" WHERE a.owner = ?")
        .bind(user.as_uuid());
    page(select, &OWNED, of)
}

/// Adds to a reading of albums that it is of a page of those that a user was let into.
pub(super) fn joined<DB: Dialect>(select: Statement<DB>, user: UserId, of: Page) -> Statement<DB> {
    let select = select
        .push(", m.role FROM album_members m")
        .through_index("album_members_by_album_time")
        .push(" JOIN albums a ON a.id = m.album WHERE m.user_id = ?")
        .bind(user.as_uuid());
    page(select, &JOINED, of)
}

/// Adds to a reading of albums that it is of one, if a user owns it or was let into it.
pub(super) fn seen_by_user<DB: Dialect>(
    select: Statement<DB>,
    id: AlbumId,
    user: UserId,
) -> Statement<DB> {
    select
        .push(", m.role FROM albums a")
        .push(" LEFT JOIN album_members m")
        .through_index("album_members_by_user")
        .push(" ON m.album = a.id AND m.user_id = ?")
        .push(" WHERE a.id = ? AND (a.owner = ? OR m.id IS NOT NULL)")
        .bind(user.as_uuid())
        .bind(id.as_uuid())
        .bind(user.as_uuid())
}

/// Adds to a reading of albums that it is of one, if it is the guest's and their link holds.
pub(super) fn seen_by_guest<DB: Dialect>(
    select: Statement<DB>,
    id: AlbumId,
    guest: Guest,
    now: Timestamp,
) -> Statement<DB> {
    select
        .push(" FROM album_links l JOIN albums a ON a.id = l.album")
        .push(" WHERE l.id = ? AND l.album = ? AND (l.expire_time IS NULL OR l.expire_time > ?)")
        .bind(guest.link.as_uuid())
        .bind(id.as_uuid())
        .bind(now.as_microsecond())
}

fn read<DB: Dialect>(row: &Row<DB>, reader: Reader) -> Result<AlbumView, DatabaseError> {
    let album = album::read(row)?;
    let role = match reader {
        Reader::Guest(_) => AlbumRole::Viewer,
        Reader::User(user) if user == album.owner => AlbumRole::Owner,
        Reader::User(_) => {
            let role: MemberRole = row.get::<String>("role")?.parse().map_err(broken)?;
            role.into()
        }
    };
    Ok(AlbumView { album, role })
}
