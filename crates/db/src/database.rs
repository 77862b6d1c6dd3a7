//! A service's database, on whichever engine.

use secrecy::ExposeSecret;
use sqlx::{Connection as _, MySql, Sqlite, migrate::Migrator};

use crate::{DatabaseConfig, DatabaseError, Pools, mysql, sqlite};

/// A service's database. Its clones share the connections.
#[derive(Debug, Clone)]
pub enum Database {
    /// MySQL or MariaDB.
    MySql(Pools<MySql>),
    /// A file.
    Sqlite(Pools<Sqlite>),
}

impl Database {
    /// Connects to the database that the URL names.
    ///
    /// # Errors
    /// A URL that cannot be used, or a database that is away or refuses us.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, DatabaseError> {
        let url = config.read_url()?;
        let url = url.expose_secret();
        let migration_url = config.read_migration_url()?;
        let migration_url = migration_url.as_ref().map(ExposeSecret::expose_secret);
        match (url.split_once("://"), migration_url) {
            (Some(("mysql", _)), migration_url) => {
                let pools = mysql::connect(url, migration_url, config).await?;
                Ok(Self::MySql(pools))
            }
            (Some(("sqlite", _)), None) => Ok(Self::Sqlite(sqlite::connect(url, config).await?)),
            (Some(("sqlite", _)), Some(_)) => {
                Err(DatabaseError::MigrationUrl("SQLite knows no users"))
            }
            _ => Err(DatabaseError::Url("it begins otherwise")),
        }
    }

    /// Runs the migrations that are missing, forward only. Any number of processes may do so at once.
    ///
    /// # Errors
    /// A migration fails, was edited after it ran, or is unknown to this version of the program.
    pub async fn migrate(&self, migrator: &Migrator) -> Result<(), DatabaseError> {
        match self {
            Self::MySql(pools) => mysql::migrate(pools, migrator).await,
            Self::Sqlite(pools) => sqlite::migrate(pools, migrator).await,
        }
    }

    /// Makes sure that it answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), DatabaseError> {
        match self {
            Self::MySql(pools) => pools.reader().await?.ping().await?,
            Self::Sqlite(pools) => pools.reader().await?.ping().await?,
        }
        Ok(())
    }

    /// Closes every connection, after the statements in flight.
    pub async fn close(&self) {
        match self {
            Self::MySql(pools) => pools.close().await,
            Self::Sqlite(pools) => pools.close().await,
        }
    }
}
