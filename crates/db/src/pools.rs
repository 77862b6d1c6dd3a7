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
        Ok(self.readers.begin().await?)
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
        Ok(self.writers.begin_with(DB::BEGIN).await?)
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
