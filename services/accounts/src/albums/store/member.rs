//! The table `album_members`.

use pupila_core::{AlbumId, Listing, MemberId, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::sql::{Order, page};
use crate::{
    albums::{Album, Member},
    email::Email,
    sql::{broken, time},
};

/// Reads members; what is pushed after it says which.
pub(super) const SELECT: &str = "SELECT id, email, role, create_time FROM album_members";

const BY_TIME: Order = Order {
    behind: " AND create_time >= ? AND (create_time > ? OR id > ?)",
    by: " ORDER BY create_time, id LIMIT ?",
};

/// Who has an address now. Where it is part of a statement that writes, it waits for transactions that take the
/// address away.
const WHO: &str = "(SELECT u.id FROM users u WHERE u.email = ?)";

/// Which member of an album is meant.
#[derive(Debug, Clone, Copy)]
pub(in crate::albums) enum Which<'a> {
    Id(MemberId),
    User(UserId),
    Email(&'a Email),
}

/// The member that is meant, if the album has it.
pub(in crate::albums) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    album: AlbumId,
    which: Which<'_>,
) -> Result<Option<Member>, DatabaseError> {
    let select = Statement::<DB>::new(SELECT)
        .push(" WHERE album = ?")
        .bind(album.as_uuid());
    let select = match which {
        Which::Id(id) => select.push(" AND id = ?").bind(id.as_uuid()),
        Which::User(user) => select.push(" AND user_id = ?").bind(user.as_uuid()),
        Which::Email(email) => {
            let email = email.as_str().to_owned();
            select.push(" AND email = ?").bind(email)
        }
    };
    let row = select.fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// A page of an album's members, the earliest first.
pub(in crate::albums) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    album: AlbumId,
    of: Page,
) -> Result<Listing<Member>, DatabaseError> {
    let select = listed::<DB>(Statement::new(SELECT), album, of);
    let rows = select.fetch_all(connection).await?;
    let members: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(of.cut(members, Member::cursor))
}

/// The statement that counts an album's members.
pub(in crate::albums) fn count<DB: Dialect>(album: AlbumId) -> Statement<DB> {
    Statement::new("SELECT COUNT(*) AS there FROM album_members WHERE album = ?")
        .bind(album.as_uuid())
}

/// The statement that stores a member, and lets the one in who has the address now.
pub(in crate::albums) fn insert<DB: Dialect>(album: &Album, member: &Member) -> Statement<DB> {
    Statement::new("INSERT INTO album_members")
        .push(" (id, album, email, role, create_time, album_create_time, user_id)")
        .push(" VALUES (?, ?, ?, ?, ?, ?, ")
        .push(WHO)
        .push(")")
        .bind(member.id.as_uuid())
        .bind(album.id.as_uuid())
        .bind(member.email.clone())
        .bind(member.role.as_str().to_owned())
        .bind(member.create_time.as_microsecond())
        .bind(album.create_time.as_microsecond())
        .bind(member.email.clone())
}

/// The statement that writes a member's role, and lets the one in who has the address now.
pub(in crate::albums) fn update<DB: Dialect>(member: &Member) -> Statement<DB> {
    Statement::new("UPDATE album_members SET role = ?, user_id = ")
        .push(WHO)
        .push(" WHERE id = ?")
        .bind(member.role.as_str().to_owned())
        .bind(member.email.clone())
        .bind(member.id.as_uuid())
}

/// Who was let in; `None` where nobody had the address.
pub(in crate::albums) async fn user_of<DB: Dialect>(
    connection: &mut DB::Connection,
    id: MemberId,
) -> Result<Option<UserId>, DatabaseError> {
    let row = Statement::<DB>::new("SELECT user_id FROM album_members WHERE id = ?")
        .bind(id.as_uuid())
        .fetch_optional(connection)
        .await?;
    let user = row.map(|row| row.get::<Option<Uuid>>("user_id"));
    Ok(user.transpose()?.flatten().map(UserId::from_uuid))
}

/// The statement that ends a membership.
pub(in crate::albums) fn delete<DB: Dialect>(id: MemberId) -> Statement<DB> {
    Statement::new("DELETE FROM album_members WHERE id = ?").bind(id.as_uuid())
}

/// The statement that ends all memberships of a user.
pub(in crate::albums) fn delete_of<DB: Dialect>(user: UserId) -> Statement<DB> {
    Statement::new("DELETE FROM album_members WHERE user_id = ?").bind(user.as_uuid())
}

/// Adds to a reading of members that it is of a page of an album's.
pub(super) fn listed<DB: Dialect>(
    select: Statement<DB>,
    album: AlbumId,
    of: Page,
) -> Statement<DB> {
    let select = select
        .through_index("album_members_by_time")
        .push(" WHERE album = ?")
        .bind(album.as_uuid());
    page(select, &BY_TIME, of)
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Member, DatabaseError> {
    Ok(Member {
        id: MemberId::from_uuid(row.get("id")?),
        email: row.get("email")?,
        role: row.get::<String>("role")?.parse().map_err(broken)?,
        create_time: time(row, "create_time")?,
    })
}
