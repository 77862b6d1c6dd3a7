//! What a statement needs to know of the engine that it runs on.
//!
//! Bounds such as `Uuid: Encode<DB>` would have to be repeated on every generic function, because Rust takes no
//! `where` clause of a trait for granted except its supertraits. So they are turned round: [`Holds`] and [`Runs`]
//! are implemented for every engine that can, and [`Dialect`] has them as supertraits. `DB: Dialect` is then all
//! that a store has to ask for.

use std::future::Future;

use sqlx::{
    ColumnIndex, Database, Decode, Encode, Executor, MySql, Row as _, SqlStr, Sqlite, Type,
    error::BoxDynError,
};
use uuid::Uuid;

/// An engine that our statements run on.
pub trait Dialect:
    Runs
    + Holds<bool>
    + Holds<f64>
    + Holds<i64>
    + Holds<String>
    + Holds<Uuid>
    + Holds<Vec<u8>>
    + Holds<Option<f64>>
    + Holds<Option<i64>>
    + Holds<Option<String>>
    + Holds<Option<Uuid>>
    + Holds<Option<Vec<u8>>>
{
    /// Begins a transaction that writes. SQLite takes its lock at once: one that reads first and finds, when it comes
    /// to write, that another process wrote in between can only give up.
    const BEGIN: &'static str;

    /// What stands before and after an index's name to read a table through that index and no other.
    const INDEX_HINT: (&'static str, &'static str);

    /// What stands after a table's name to find rows by their primary key and by nothing else. SQLite does so anyway, and
    /// it locks no rows.
    const KEY_HINT: &'static str;

    /// What ends a `SELECT` whose rows nobody else may change before the transaction ends. On SQLite a transaction that
    /// writes is alone anyway.
    const ROW_LOCK: &'static str;

    /// The same, but others may read and hold them so too: `FOR SHARE`, in words that MariaDB knows.
    const ROW_SHARE: &'static str;

    /// How many rows a statement met: on MySQL, too, also those that it left as they were.
    fn rows_affected(result: &Self::QueryResult) -> u64;
}

impl Dialect for MySql {
    const BEGIN: &'static str = "START TRANSACTION";
    const INDEX_HINT: (&'static str, &'static str) = (" FORCE INDEX (", ")");
    const KEY_HINT: &'static str = " FORCE INDEX (PRIMARY)";
    const ROW_LOCK: &'static str = " FOR UPDATE";
    const ROW_SHARE: &'static str = " LOCK IN SHARE MODE";

    fn rows_affected(result: &Self::QueryResult) -> u64 {
        result.rows_affected()
    }
}

impl Dialect for Sqlite {
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const INDEX_HINT: (&'static str, &'static str) = (" INDEXED BY ", "");
    const KEY_HINT: &'static str = "";
    const ROW_LOCK: &'static str = "";
    const ROW_SHARE: &'static str = "";

    fn rows_affected(result: &Self::QueryResult) -> u64 {
        result.rows_affected()
    }
}

/// An engine that stores values of the type `T`.
pub trait Holds<T>: Database {
    /// Binds `value` to the next `?`.
    ///
    /// # Errors
    /// It is too large for the protocol.
    fn bind(arguments: &mut Self::Arguments, value: T) -> Result<(), BoxDynError>;

    /// The value of a column.
    ///
    /// # Errors
    /// There is no such column, or it holds something else.
    fn read(row: &Self::Row, column: &str) -> Result<T, sqlx::Error>;
}

impl<DB, T> Holds<T> for DB
where
    DB: Database,
    T: Type<DB> + for<'q> Encode<'q, DB> + for<'r> Decode<'r, DB>,
    for<'c> &'c str: ColumnIndex<DB::Row>,
{
    fn bind(arguments: &mut Self::Arguments, value: T) -> Result<(), BoxDynError> {
        sqlx::Arguments::add(arguments, value)
    }

    fn read(row: &Self::Row, column: &str) -> Result<T, sqlx::Error> {
        row.try_get(column)
    }
}

/// An engine whose connections run statements.
pub trait Runs: Database {
    /// Runs a statement that answers no rows.
    ///
    /// # Errors
    /// Whatever the engine says.
    fn execute(
        connection: &mut Self::Connection,
        sql: SqlStr,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Result<Self::QueryResult, sqlx::Error>> + Send;

    /// Runs a statement and collects its rows.
    ///
    /// # Errors
    /// Whatever the engine says.
    fn fetch_all(
        connection: &mut Self::Connection,
        sql: SqlStr,
        arguments: Self::Arguments,
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;
}

impl<DB: Database> Runs for DB
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    async fn execute(
        connection: &mut Self::Connection,
        sql: SqlStr,
        arguments: Self::Arguments,
    ) -> Result<DB::QueryResult, sqlx::Error> {
        connection.execute((sql, Some(arguments))).await
    }

    async fn fetch_all(
        connection: &mut Self::Connection,
        sql: SqlStr,
        arguments: Self::Arguments,
    ) -> Result<Vec<Self::Row>, sqlx::Error> {
        connection.fetch_all((sql, Some(arguments))).await
    }
}
