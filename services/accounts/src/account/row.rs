//! The table `users`.

use jiff::Timestamp;
use pupila_core::{Listing, Page, Revision, Role, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use super::{Account, State, UnknownWord};
use crate::{
    email::Email,
    sql::{broken, newest_first, time},
};

const COLUMNS: &str = "SELECT id, email, display_name, language, role, state, \
     create_time, update_time, revision";

const INSERT: &str = "INSERT INTO users (id, email, password_hash, display_name, search_name, \
     language, role, state, create_time, update_time, revision) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Stores an account.
pub(crate) async fn insert<DB: Dialect>(
    connection: &mut DB::Connection,
    account: &Account,
    password_hash: Option<&str>,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new(INSERT)
        .bind(account.id.as_uuid())
        .bind(account.email.clone())
        .bind(password_hash.map(str::to_owned))
        .bind(account.display_name.clone())
        .bind(account.display_name.to_lowercase())
        .bind(account.language.as_str().to_owned())
        .bind(account.role.as_str().to_owned())
        .bind(account.state.as_str().to_owned())
        .bind(account.create_time.as_microsecond())
        .bind(account.update_time.as_microsecond())
        .bind(account.revision.get())
        .execute(connection)
        .await
}

/// An account and the hash of its password, where it has one; `None` where there is no such account.
pub(crate) async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    id: UserId,
) -> Result<Option<(Account, Option<String>)>, DatabaseError> {
    let select = Statement::<DB>::new(COLUMNS)
        .push(", password_hash FROM users WHERE id = ?")
        .bind(id.as_uuid());
    with_password(select, connection).await
}

/// As [`find`], by the address.
pub(crate) async fn by_email<DB: Dialect>(
    connection: &mut DB::Connection,
    email: &Email,
) -> Result<Option<(Account, Option<String>)>, DatabaseError> {
    let select = Statement::<DB>::new(COLUMNS)
        .push(", password_hash FROM users WHERE email = ?")
        .bind(email.as_str().to_owned());
    with_password(select, connection).await
}

async fn with_password<DB: Dialect>(
    select: Statement<DB>,
    connection: &mut DB::Connection,
) -> Result<Option<(Account, Option<String>)>, DatabaseError> {
    let row = select.fetch_optional(connection).await?;
    row.map(|row| Ok((read(&row)?, row.get("password_hash")?)))
        .transpose()
}

/// A page of the accounts whose address or name begins with `prefix`, in lower case; all where it is empty.
pub(crate) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    prefix: &str,
    page: Page,
) -> Result<Listing<Account>, DatabaseError> {
    let mut select = Statement::<DB>::new(COLUMNS)
        .push(" FROM users")
        .through_index("users_by_time")
        .push(" WHERE 1 = 1");
    if !prefix.is_empty() {
        // No LIKE: its wildcards and its case differ from engine to engine.
        let length = prefix.chars().count() as i64;
        select = select
            .push(" AND (SUBSTR(email, 1, ?) = ? OR SUBSTR(search_name, 1, ?) = ?)")
            .bind(length)
            .bind(prefix.to_owned())
            .bind(length)
            .bind(prefix.to_owned());
    }
    let rows = newest_first(select, page).fetch_all(connection).await?;
    let accounts = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(page.cut(accounts, Account::cursor))
}

/// Counts a change, and keeps everybody else from changing the account until the transaction ends; false where it is
/// gone or has another revision than `expected`. Comes before any reading of the transaction, so that nothing that is
/// read is older.
pub(crate) async fn hold<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
    expected: Option<Revision>,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let held = Statement::<DB>::new("UPDATE users SET revision = revision + 1, update_time = ?")
        .bind(now.as_microsecond())
        .push(" WHERE id = ?")
        .bind(id.as_uuid())
        .push_some(" AND revision = ?", expected.map(Revision::get))
        .rows_affected(transaction)
        .await?;
    Ok(held == 1)
}

/// Keeps everybody else from changing an account until the transaction ends; false where it is not active.
pub(super) async fn hold_active<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
) -> Result<bool, DatabaseError> {
    let hold = "UPDATE users SET revision = revision WHERE id = ? AND state = ?";
    let held = Statement::<DB>::new(hold)
        .bind(id.as_uuid())
        .bind(State::Active.as_str().to_owned())
        .rows_affected(transaction)
        .await?;
    Ok(held == 1)
}

/// As [`hold_active`]; false where it is no active administrator's.
pub(super) async fn hold_administrator<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
) -> Result<bool, DatabaseError> {
    let hold = "UPDATE users SET revision = revision WHERE id = ? AND state = ? AND role = ?";
    let held = Statement::<DB>::new(hold)
        .bind(id.as_uuid())
        .bind(State::Active.as_str().to_owned())
        .bind(Role::Admin.as_str().to_owned())
        .rows_affected(transaction)
        .await?;
    Ok(held == 1)
}

/// As [`hold_active`], whatever state the account is in, and if it is there.
pub(crate) async fn hold_any<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("UPDATE users SET revision = revision WHERE id = ?")
        .bind(id.as_uuid())
        .execute(transaction)
        .await
}

/// Makes sure that an account is active and still opened by the password of that hash, until the transaction ends, and
/// keeps the hash `renewed` instead, where there is one. False where it is not.
pub(crate) async fn unlock<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
    hash: &str,
    renewed: Option<String>,
) -> Result<bool, DatabaseError> {
    let held = Statement::<DB>::new("UPDATE users SET password_hash = ?")
        .bind(renewed.unwrap_or_else(|| hash.to_owned()))
        .push(" WHERE id = ? AND password_hash = ? AND state = ?")
        .bind(id.as_uuid())
        .bind(hash.to_owned())
        .bind(State::Active.as_str().to_owned())
        .rows_affected(transaction)
        .await?;
    Ok(held == 1)
}

/// Writes the name and the language of an account.
pub(crate) async fn set_profile<DB: Dialect>(
    transaction: &mut DB::Connection,
    account: &Account,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("UPDATE users SET display_name = ?, search_name = ?, language = ?")
        .bind(account.display_name.clone())
        .bind(account.display_name.to_lowercase())
        .bind(account.language.as_str().to_owned())
        .push(" WHERE id = ?")
        .bind(account.id.as_uuid())
        .execute(transaction)
        .await
}

/// Writes the role and the state of an account.
pub(crate) async fn set_rights<DB: Dialect>(
    transaction: &mut DB::Connection,
    account: &Account,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("UPDATE users SET role = ?, state = ? WHERE id = ?")
        .bind(account.role.as_str().to_owned())
        .bind(account.state.as_str().to_owned())
        .bind(account.id.as_uuid())
        .execute(transaction)
        .await
}

/// Frees the address of an account, and leaves nothing that opens it.
pub(crate) async fn empty<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
) -> Result<(), DatabaseError> {
    let empty = "UPDATE users SET email = NULL, password_hash = NULL, state = ? WHERE id = ?";
    Statement::<DB>::new(empty)
        .bind(State::Deleting.as_str().to_owned())
        .bind(id.as_uuid())
        .execute(transaction)
        .await
}

/// Deletes an account.
pub(crate) async fn delete<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
) -> Result<(), DatabaseError> {
    Statement::<DB>::new("DELETE FROM users WHERE id = ?")
        .bind(id.as_uuid())
        .execute(transaction)
        .await
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Account, DatabaseError> {
    let text = |column| row.get::<String>(column);
    Ok(Account {
        id: UserId::from_uuid(row.get("id")?),
        email: row.get("email")?,
        display_name: text("display_name")?,
        language: text("language")?.parse().map_err(broken)?,
        role: role(&text("role")?).map_err(broken)?,
        state: text("state")?.parse().map_err(broken)?,
        create_time: time(row, "create_time")?,
        update_time: time(row, "update_time")?,
        revision: Revision::new(row.get("revision")?),
    })
}

fn role(text: &str) -> Result<Role, UnknownWord> {
    [Role::User, Role::Admin]
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or(UnknownWord("user, admin"))
}
