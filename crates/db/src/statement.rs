//! A statement, its values, and the rows that it answers.

use sqlx::{AssertSqlSafe, SqlSafeStr as _, error::BoxDynError};

use crate::{DatabaseError, Dialect, Holds};

/// An SQL statement and the values for its `?`, in order. The text is made of literals of our own only, so no value
/// can get into it.
pub struct Statement<DB: Dialect> {
    sql: String,
    arguments: Result<DB::Arguments, BoxDynError>,
}

impl<DB: Dialect> Statement<DB> {
    /// A statement that begins with `sql`.
    #[must_use]
    pub fn new(sql: &'static str) -> Self {
        Self {
            sql: sql.to_owned(),
            arguments: Ok(DB::Arguments::default()),
        }
    }

    /// Adds `sql`.
    #[must_use]
    pub fn push(mut self, sql: &'static str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Reads the table that was named last through `index`, whatever the planner thinks.
    #[must_use]
    pub fn through_index(self, index: &'static str) -> Self {
        let (before, after) = DB::INDEX_HINT;
        self.push(before).push(index).push(after)
    }

    /// Finds rows of the table that was named last by their primary key, whatever the planner thinks: a statement that locks
    /// or changes rows locks all that it comes past.
    #[must_use]
    pub fn through_key(self) -> Self {
        self.push(DB::KEY_HINT)
    }

    /// Locks the rows that it reads until the transaction ends, so that what is decided by them stays true. It comes
    /// last.
    #[must_use]
    pub fn locking(self) -> Self {
        self.push(DB::ROW_LOCK)
    }

    /// Keeps the rows that it reads as they are until the transaction ends, together with whoever else does so. It
    /// comes last.
    #[must_use]
    pub fn sharing(self) -> Self {
        self.push(DB::ROW_SHARE)
    }

    /// Adds `sql` and, after it, a list of values in brackets. An empty list holds `NULL`, which equals nothing. A list
    /// repeats its last value until it has a power of two of them: so there are few texts, each of which is prepared once.
    #[must_use]
    pub fn push_list<T: Clone>(self, sql: &'static str, values: impl IntoIterator<Item = T>) -> Self
    where
        DB: Holds<T>,
    {
        let mut values: Vec<T> = values.into_iter().collect();
        if let Some(last) = values.last().cloned() {
            values.resize(values.len().next_power_of_two(), last);
        }
        let listed = self.push(sql).push(" (NULL");
        let listed = values
            .into_iter()
            .fold(listed, |list, value| list.push(", ?").bind(value));
        listed.push(")")
    }

    /// The value of the next `?`.
    #[must_use]
    pub fn bind<T>(mut self, value: T) -> Self
    where
        DB: Holds<T>,
    {
        if let Ok(arguments) = &mut self.arguments
            && let Err(error) = <DB as Holds<T>>::bind(arguments, value)
        {
            self.arguments = Err(error);
        }
        self
    }

    /// Adds `sql` and the value of its `?`, where there is one.
    #[must_use]
    pub fn push_some<T>(self, sql: &'static str, value: Option<T>) -> Self
    where
        DB: Holds<T>,
    {
        match value {
            Some(value) => self.push(sql).bind(value),
            None => self,
        }
    }

    /// Asks for the plan of a statement instead: `explain` is what the engine begins that with.
    #[cfg(feature = "test-support")]
    #[must_use]
    pub fn explained(mut self, explain: &'static str) -> Self {
        self.sql.insert_str(0, explain);
        self
    }

    /// Runs a statement that answers no rows.
    ///
    /// # Errors
    /// The database is away, or refuses it.
    pub async fn execute(self, connection: &mut DB::Connection) -> Result<(), DatabaseError> {
        self.rows_affected(connection).await.map(drop)
    }

    /// Runs a statement that answers no rows, and tells how many it met: where a condition of an `UPDATE` may fail,
    /// this is how it is known.
    ///
    /// # Errors
    /// The database is away, or refuses it.
    pub async fn rows_affected(
        self,
        connection: &mut DB::Connection,
    ) -> Result<u64, DatabaseError> {
        let arguments = self.arguments.map_err(sqlx::Error::Encode)?;
        let sql = AssertSqlSafe(self.sql).into_sql_str();
        let result = DB::execute(connection, sql, arguments).await?;
        Ok(DB::rows_affected(&result))
    }

    /// Runs a statement and collects its rows: the statement has to limit them.
    ///
    /// # Errors
    /// The database is away, or refuses it.
    pub async fn fetch_all(
        self,
        connection: &mut DB::Connection,
    ) -> Result<Vec<Row<DB>>, DatabaseError> {
        let arguments = self.arguments.map_err(sqlx::Error::Encode)?;
        let sql = AssertSqlSafe(self.sql).into_sql_str();
        let rows = DB::fetch_all(connection, sql, arguments).await?;
        Ok(rows.into_iter().map(Row).collect())
    }

    /// Runs a statement that answers one row or none: it looks for a key.
    ///
    /// # Errors
    /// The database is away, or refuses it.
    pub async fn fetch_optional(
        self,
        connection: &mut DB::Connection,
    ) -> Result<Option<Row<DB>>, DatabaseError> {
        Ok(self.fetch_all(connection).await?.into_iter().next())
    }
}

/// A row of an answer.
pub struct Row<DB: Dialect>(DB::Row);

impl<DB: Dialect> Row<DB> {
    /// The value of a column.
    ///
    /// # Errors
    /// There is no such column, or it holds something else: a fault of ours.
    pub fn get<T>(&self, column: &str) -> Result<T, DatabaseError>
    where
        DB: Holds<T>,
    {
        Ok(<DB as Holds<T>>::read(&self.0, column)?)
    }
}
