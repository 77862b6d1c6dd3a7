//! MySQL and MariaDB: how they are reached and migrated.

use std::str::FromStr as _;

use sqlx::{
    MySql,
    migrate::Migrator,
    mysql::{MySqlConnectOptions, MySqlConnection, MySqlPoolOptions},
};

use crate::{DatabaseConfig, DatabaseError, Pools};

/// The only collation under which all engines agree on which texts are equal.
const COLLATION: &str = "utf8mb4_bin";
/// How long a process waits for another one to migrate, in seconds.
const MIGRATION_PATIENCE: i64 = 300;

/// Reaches the server, and makes sure that the schema compares text byte by byte.
pub(crate) async fn connect(
    url: &str,
    config: &DatabaseConfig,
) -> Result<Pools<MySql>, DatabaseError> {
    let options = MySqlConnectOptions::from_str(url)
        .map_err(|_| DatabaseError::Url("it is not a MySQL URL"))?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(DatabaseError::Url("it names no schema"));
    }
    let options = options
        .charset("utf8mb4")
        .collation(COLLATION)
        .timezone("+00:00".to_owned());
    let pool = MySqlPoolOptions::new()
        .max_connections(config.max_connections)
        .acquire_timeout(config.acquire_timeout())
        .connect_with(options)
        .await?;
    let collation: String = sqlx::query_scalar("SELECT @@collation_database")
        .fetch_one(&pool)
        .await?;
    if collation != COLLATION {
        return Err(DatabaseError::Collation(collation));
    }
    Ok(Pools::new(pool.clone(), pool))
}

/// Runs the migrations that are missing. Whoever comes second waits, and finds them done.
pub(crate) async fn migrate(
    pools: &Pools<MySql>,
    migrator: &Migrator,
) -> Result<(), DatabaseError> {
    // The lock belongs to the connection, so it goes with it however this ends.
    let mut connection = pools.writer().await?.detach();
    lock_migrations(&mut connection).await?;
    migrator
        .run_direct(None, &mut connection, false)
        .await
        .map_err(DatabaseError::Migration)?;
    Ok(sqlx::Connection::close(connection).await?)
}

/// The migrator's own lock asks for a timeout of -1, which MariaDB answers with NULL and no lock.
async fn lock_migrations(connection: &mut MySqlConnection) -> Result<(), DatabaseError> {
    let locked: Option<i64> =
        sqlx::query_scalar("SELECT GET_LOCK(CONCAT('pupila.migrate.', MD5(DATABASE())), ?)")
            .bind(MIGRATION_PATIENCE)
            .fetch_one(connection)
            .await?;
    match locked {
        Some(1) => Ok(()),
        _ => Err(DatabaseError::MigrationLock),
    }
}
