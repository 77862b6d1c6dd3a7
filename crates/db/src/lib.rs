//! One set of SQL statements over three engines: MySQL 8.4, MariaDB 10.11 and SQLite, each through its native
//! driver. A store is written once, generic over its [`Dialect`], and made for the engine that the configured URL
//! names. See `docs/decisions/one-sql-two-native-drivers.md`.

mod config;
mod database;
mod dialect;
mod error;
mod mysql;
mod pools;
mod sqlite;
mod statement;
#[cfg(feature = "test-support")]
mod test_database;

pub use config::DatabaseConfig;
pub use database::Database;
pub use dialect::{Dialect, Holds, Runs};
pub use error::DatabaseError;
pub use pools::Pools;
pub use sqlx::migrate::Migrator;
pub use statement::{Row, Statement};
#[cfg(feature = "test-support")]
pub use test_database::TestDatabase;
