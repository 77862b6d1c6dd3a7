//! SQLite: how it is opened and migrated.

use std::{fs, str::FromStr as _, time::Duration};

use sqlx::{
    Sqlite,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{DatabaseConfig, DatabaseError, Pools};

/// How long a statement waits for another process that writes, such as a second replica that migrates.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// Opens the file, made where it does not exist.
pub(crate) async fn connect(
    url: &str,
    config: &DatabaseConfig,
) -> Result<Pools<Sqlite>, DatabaseError> {
    let options = options(url)?;
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(config.acquire_timeout())
        // A file does not hang up, so a connection is not tested, nor closed when it is old or idle.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None);
    let writer = pool
        .clone()
        .max_connections(1)
        .connect_with(options.clone())
        .await?;
    let readers = pool
        .max_connections(config.max_connections)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Pools::new(readers, writer))
}

/// Runs the migrations that are missing. Whoever comes second waits, and finds them done.
pub(crate) async fn migrate(
    pools: &Pools<Sqlite>,
    migrator: &Migrator,
) -> Result<(), DatabaseError> {
    let mut writer = pools.writer().await?;
    // Takes the write lock before it looks at what is done.
    let mut transaction = sqlx::Connection::begin_with(&mut *writer, "BEGIN IMMEDIATE").await?;
    migrator
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(DatabaseError::Migration)?;
    Ok(transaction.commit().await?)
}

fn options(url: &str) -> Result<SqliteConnectOptions, DatabaseError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| DatabaseError::Url("it is not a SQLite URL"))?;
    let file = options.get_filename();
    if file.as_os_str().is_empty() || url.contains(":memory:") || url.contains("mode=memory") {
        return Err(DatabaseError::Url("it names no file"));
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| DatabaseError::Folder(folder.into(), error))?;
    }
    Ok(options
        .create_if_missing(true)
        // A commit outlives a killed process, not a power cut. Seven times the commits of the default.
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true))
}
