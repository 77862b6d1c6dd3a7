//! Fresh, empty databases for tests.

use std::{env, thread};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, mysql::MySqlConnectOptions,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Database, DatabaseConfig};

/// The server on which MySQL's test schemas are made, such as `mysql://root@127.0.0.1:33306`.
const SERVER: &str = "PUPILA_TEST_MYSQL_URL";

/// A database of a test's own, deleted when the value goes.
pub struct TestDatabase {
    /// The way in.
    pub database: Database,
    /// How to reach it once more.
    pub config: DatabaseConfig,
    _place: Place,
}

#[expect(dead_code, reason = "held to be dropped, which deletes it")]
enum Place {
    Folder(TempDir),
    Schema(Schema),
}

struct Schema {
    server: String,
    name: String,
}

impl TestDatabase {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// The folder or the file cannot be made.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self::at(url, Place::Folder(folder)).await
    }

    /// A schema of its own on the server that `PUPILA_TEST_MYSQL_URL` names.
    ///
    /// # Panics
    /// The variable is not set, or the server is away or refuses.
    pub async fn mysql() -> Self {
        let server = env::var(SERVER).unwrap_or_else(|_| {
            panic!("{SERVER} is not set: run `make test`, which starts a server")
        });
        let schema = Schema {
            server: server.clone(),
            name: format!("pupila_test_{}", Uuid::now_v7().simple()),
        };
        let create = format!(
            "CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            schema.name
        );
        run(&schema.server, create).await;
        let url = format!("{}/{}", server.trim_end_matches('/'), schema.name);
        Self::at(url, Place::Schema(schema)).await
    }

    async fn at(url: String, place: Place) -> Self {
        let config = DatabaseConfig::at(url);
        let database = Database::connect(&config).await.expect("a fresh database");
        Self {
            database,
            config,
            _place: place,
        }
    }
}

impl Drop for Schema {
    /// Drops the schema, also when the test has failed. A runtime of its own, because the test's may be ending.
    fn drop(&mut self) {
        let server = self.server.clone();
        let sql = format!("DROP DATABASE {}", self.name);
        let dropping = thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(run(&server, sql));
        });
        // A schema that stays behind goes with the server.
        let _ = dropping.join();
    }
}

async fn run(server: &str, sql: String) {
    let server: MySqlConnectOptions = server.parse().expect("a MySQL URL");
    let mut connection = server.connect().await.expect("the test server answers");
    connection.execute(AssertSqlSafe(sql)).await.expect("done");
    connection.close().await.expect("closed");
}
