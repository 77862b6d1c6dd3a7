//! The connections to one database.

use sqlx::{Database, Pool, Transaction, pool::PoolConnection};

use crate::{DatabaseError, Dialect};

/// The connections to one database: those that read, those that write, and those that change tables. On MySQL the
/// first two are the same, and the third may belong to another user. SQLite lets one connection write at a time, so
/// there is only one to wait for: a queue in the order of arrival, where several would sleep, try again and at last
/// give up with `SQLITE_BUSY`.
#[derive(Debug)]
pub struct Pools<DB: Database> {
    readers: Pool<DB>,
    writers: Pool<DB>,
    migrators: Pool<DB>,
}

impl<DB: Database> Pools<DB> {
    pub(crate) fn new(readers: Pool<DB>, writers: Pool<DB>, migrators: Pool<DB>) -> Self {
        Self {
            readers,
            writers,
            migrators,
        }
    }

    /// A connection for statements that only read.
    ///
    /// # Errors
    /// None became free or could be opened in time.
    pub async fn reader(&self) -> Result<PoolConnection<DB>, DatabaseError> {
        Ok(self.readers.acquire().await?)
    }

    /// A connection for statements that write.
    ///
    /// # Errors
    /// None became free or could be opened in time.
    pub async fn writer(&self) -> Result<PoolConnection<DB>, DatabaseError> {
        Ok(self.writers.acquire().await?)
    }

    /// A transaction for several statements that must read the same state. Ends when it is dropped.
    ///
    /// # Errors
    /// No connection became free or could be opened in time.
    pub async fn snapshot(&self) -> Result<Transaction<'static, DB>, DatabaseError> {
        let pool = self.readers.clone();
        begun(async move { pool.begin().await }).await
    }

    /// A transaction for statements that write together or not at all. What is not committed when it is dropped is
    /// undone.
    ///
    /// # Errors
    /// No connection became free or could be opened in time.
    pub async fn transaction(&self) -> Result<Transaction<'static, DB>, DatabaseError>
    where
        DB: Dialect,
    {
        let pool = self.writers.clone();
        begun(async move { pool.begin_with(DB::BEGIN).await }).await
    }

    /// A connection for statements that change tables.
    pub(crate) async fn migrator(&self) -> Result<PoolConnection<DB>, DatabaseError> {
        Ok(self.migrators.acquire().await?)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
        self.migrators.close().await;
    }
}

/// A transaction that is begun in a task of its own, which is not given up halfway; what it has begun and nobody takes
/// is undone. sqlx 0.9 forgets a transaction on MySQL whose beginning is given up: its connection goes back to the pool
/// inside the transaction, and whoever gets it next reads what was true then.
async fn begun<DB: Database>(
    beginning: impl Future<Output = Result<Transaction<'static, DB>, sqlx::Error>> + Send + 'static,
) -> Result<Transaction<'static, DB>, DatabaseError> {
    let begun = tokio::spawn(beginning).await;
    Ok(begun.map_err(|error| sqlx::Error::Io(error.into()))??)
}

// Derived, it would ask for `DB: Clone`.
impl<DB: Database> Clone for Pools<DB> {
    fn clone(&self) -> Self {
        Self {
            readers: self.readers.clone(),
            writers: self.writers.clone(),
            migrators: self.migrators.clone(),
        }
    }
}
