//! SQLite: how it is opened and migrated.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
    time::Duration,
};

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
    Ok(Pools::new(readers, writer.clone(), writer))
}

/// Runs the migrations that are missing. Whoever comes second waits, and finds them done.
pub(crate) async fn migrate(
    pools: &Pools<Sqlite>,
    migrator: &Migrator,
) -> Result<(), DatabaseError> {
    let mut connection = pools.migrator().await?;
    // Takes the write lock before it looks at what is done.
    let mut transaction = sqlx::Connection::begin_with(&mut *connection, "BEGIN IMMEDIATE").await?;
    migrator
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(DatabaseError::Migration)?;
    Ok(transaction.commit().await?)
}

fn options(url: &str) -> Result<SqliteConnectOptions, DatabaseError> {
    // The path as it is: no escapes and no parameters, so that every folder can be named.
    let path = url
        .strip_prefix("sqlite://")
        .ok_or(DatabaseError::Url("it is not a SQLite URL"))?;
    if path.is_empty() || path.contains(":memory:") {
        return Err(DatabaseError::Url("it names no file"));
    }
    let file = Path::new(path);
    create_private(file).map_err(|error| DatabaseError::File(file.into(), error))?;
    Ok(SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        // A commit outlives a killed process, not a power cut. Seven times the commits of the default.
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true))
}

/// Makes the file, and its folder, for the user who runs this process alone. SQLite gives its log the same mode.
fn create_private(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)
        .map(drop)
}
