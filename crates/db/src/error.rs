//! What can go wrong with a database.

use std::path::PathBuf;

use pupila_core::{ErrorCode, Fault};
use sqlx::migrate::MigrateError;

/// MySQL's errors that pass: too many connections, shutdown in progress, lock wait timeout, deadlock, read-only during
/// a failover; and MariaDB's for a connection that an operator ended.
/// <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>,
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>
const MYSQL_PASSING: [u16; 6] = [1040, 1053, 1205, 1213, 1290, 1927];
/// MySQL's deadlock: of two transactions that wait for each other one is undone.
const MYSQL_DEADLOCK: u16 = 1213;
/// SQLite's: busy, locked, and what an operator mends: read-only, I/O error, disk full, cannot open.
/// <https://www.sqlite.org/rescode.html>
const SQLITE_PASSING: [i32; 6] = [5, 6, 8, 10, 13, 14];

/// A database did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Neither or both of a URL and a file with it are set.
    #[error("the database needs either a url or a url_file, and not both")]
    NoUrl,
    /// A file with a URL cannot be read.
    #[error("the file {} with the database's URL cannot be read", .0.display())]
    UrlFile(PathBuf, #[source] std::io::Error),
    /// The URL for migrations is of no use, or leads elsewhere. The URL itself may hold a password.
    #[error("the database's migration_url cannot be used: {0}")]
    MigrationUrl(&'static str),
    /// The URL is of no engine that is spoken here, or malformed. The URL itself may hold a password.
    #[error(
        "the database's URL must read mysql://user:password@host:port/schema or sqlite://path: {0}"
    )]
    Url(&'static str),
    /// The schema would compare text without regard to case, or sort it by a language's rules.
    #[error(
        "the schema's collation is {0}; it must be made with CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    )]
    Collation(String),
    /// A SQLite file cannot be made or written.
    #[error("the database's file {} cannot be made", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// Another process holds the lock on the migrations.
    #[error("another process has been migrating the database for too long")]
    MigrationLock,
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migration(#[source] MigrateError),
    /// It cannot be reached now, or is overloaded.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// It refused a statement or answered something unexpected: a fault of ours.
    #[error("the database failed")]
    Failed(#[source] sqlx::Error),
}

impl DatabaseError {
    /// Whether a row was refused because another has the same value where values must differ.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Failed(sqlx::Error::Database(refusal)) if refusal.is_unique_violation())
    }

    /// Whether a row was refused because the row of another table that it points to is not there.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self, Self::Failed(sqlx::Error::Database(refusal)) if refusal.is_foreign_key_violation())
    }

    /// Whether the transaction was undone because others held what it needed: the same again may succeed at once.
    #[must_use]
    pub fn is_deadlock(&self) -> bool {
        let Self::Unavailable(sqlx::Error::Database(refusal)) = self else {
            return false;
        };
        let refusal = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>();
        refusal.is_some_and(|refusal| refusal.number() == MYSQL_DEADLOCK)
    }
}

impl Fault for DatabaseError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Unavailable(_) | Self::MigrationLock => ErrorCode::Unavailable,
            _ => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self.code() {
            ErrorCode::Unavailable => "DATABASE_UNAVAILABLE",
            _ => "DATABASE_FAILED",
        }
    }
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        if passes(&error) {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}

/// Whether the same call may succeed later.
fn passes(error: &sqlx::Error) -> bool {
    use sqlx::Error;
    match error {
        Error::Io(_)
        | Error::Tls(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => true,
        Error::Database(refusal) => {
            if let Some(refusal) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                MYSQL_PASSING.contains(&refusal.number())
            } else {
                // The low byte is the primary code, the rest says more about it.
                let code = refusal.code().and_then(|code| code.parse::<i32>().ok());
                code.is_some_and(|code| SQLITE_PASSING.contains(&(code & 0xff)))
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_is_told_from_one_that_refuses() {
        assert_eq!(
            DatabaseError::from(sqlx::Error::PoolTimedOut).code(),
            ErrorCode::Unavailable
        );
        assert_eq!(
            DatabaseError::from(sqlx::Error::RowNotFound).code(),
            ErrorCode::Internal
        );
    }
}
