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
    migration_url: Option<&str>,
    config: &DatabaseConfig,
) -> Result<Pools<MySql>, DatabaseError> {
    let served = options(url).map_err(DatabaseError::Url)?;
    let migrated = migration_url
        .map(options)
        .transpose()
        .map_err(DatabaseError::MigrationUrl)?;
    if let Some(migrated) = &migrated
        && migrated.get_database() != served.get_database()
    {
        return Err(DatabaseError::MigrationUrl("it names another schema"));
    }
    let pool = MySqlPoolOptions::new()
        .max_connections(config.max_connections)
        .acquire_timeout(config.acquire_timeout());
    // Nobody connects as the other user before there is something to migrate.
    let migrators = migrated.map(|options| pool.clone().connect_lazy_with(options));
    let pool = pool.connect_with(served).await?;
    let collation: String = sqlx::query_scalar("SELECT @@collation_database")
        .fetch_one(&pool)
        .await?;
    if collation != COLLATION {
        return Err(DatabaseError::Collation(collation));
    }
    Ok(Pools::new(
        pool.clone(),
        pool.clone(),
        migrators.unwrap_or(pool),
    ))
}

/// How to reach the schema that the URL names.
fn options(url: &str) -> Result<MySqlConnectOptions, &'static str> {
    let options = MySqlConnectOptions::from_str(url).map_err(|_| "it is not a MySQL URL")?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err("it names no schema");
    }
    Ok(options
        .charset("utf8mb4")
        .collation(COLLATION)
        .timezone("+00:00".to_owned()))
}

/// Runs the migrations that are missing. Whoever comes second waits, and finds them done.
pub(crate) async fn migrate(
    pools: &Pools<MySql>,
    migrator: &Migrator,
) -> Result<(), DatabaseError> {
    // The lock belongs to the connection, so it goes with it however this ends.
    let mut connection = pools.migrator().await?.detach();
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
