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
    Runs + Holds<Uuid> + Holds<i64> + Holds<f64> + Holds<Option<f64>> + Holds<String> + Holds<Vec<u8>>
{
    /// What stands before and after an index's name to read a table through that index and no other.
    const INDEX_HINT: (&'static str, &'static str);
}

impl Dialect for MySql {
    const INDEX_HINT: (&'static str, &'static str) = (" FORCE INDEX (", ")");
}

impl Dialect for Sqlite {
    const INDEX_HINT: (&'static str, &'static str) = (" INDEXED BY ", "");
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
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

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
    ) -> Result<(), sqlx::Error> {
        connection.execute((sql, Some(arguments))).await?;
        Ok(())
    }

    async fn fetch_all(
        connection: &mut Self::Connection,
        sql: SqlStr,
        arguments: Self::Arguments,
    ) -> Result<Vec<Self::Row>, sqlx::Error> {
        connection.fetch_all((sql, Some(arguments))).await
    }
}
