//! Fresh, empty databases for tests.

use std::{env, fs, thread};

use secrecy::SecretString;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, mysql::MySqlConnectOptions,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Database, DatabaseConfig};

/// The server on which MySQL's test schemas are made, such as `mysql://root@127.0.0.1:33306`.
const SERVER: &str = "PUPILA_TEST_MYSQL_URL";
/// The statements that make a service's schema and users.
const ROLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/roles");

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
    /// The statements that delete it and its users.
    undo: String,
}

impl TestDatabase {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// The folder or the file cannot be made.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self::at(DatabaseConfig::at(url), Place::Folder(folder)).await
    }

    /// A schema of its own on the server that `PUPILA_TEST_MYSQL_URL` names, entered as root.
    ///
    /// # Panics
    /// The variable is not set, or the server is away or refuses.
    pub async fn mysql() -> Self {
        let server = server();
        let name = format!("pupila_test_{}", Uuid::now_v7().simple());
        let create = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        run(&server, create).await;
        let config = DatabaseConfig::at(format!("{server}/{name}"));
        let undo = format!("DROP DATABASE {name}");
        Self::at(config, Place::Schema(Schema { server, undo })).await
    }

    /// The same for a service, such as `history`, which enters as the two users that `migrations/roles` makes for it.
    ///
    /// # Panics
    /// Those of [`TestDatabase::mysql`], or there are no such roles.
    pub async fn mysql_for(service: &str) -> Self {
        Self::mysql_on(&server(), service).await
    }

    /// The same on another server, such as `mysql://root@127.0.0.1:33306`.
    ///
    /// # Panics
    /// The server is away or refuses, or there are no such roles.
    pub async fn mysql_on(server: &str, service: &str) -> Self {
        let roles = fs::read_to_string(format!("{ROLES}/{service}.sql"));
        let roles = roles.unwrap_or_else(|error| panic!("the roles of {service}: {error}"));
        // Other names for every test: the random end of an id, because a user's has at most 32 letters.
        let id = Uuid::now_v7().simple().to_string();
        let test = &id[20..];
        let roles = roles.replace("pupila-", &format!("{test}-"));
        let name = format!("{test}-{service}");
        let users = [name.clone(), format!("{name}-migrate")];
        let unlock = users
            .each_ref()
            .map(|user| format!("ALTER USER `{user}` IDENTIFIED BY '{id}' ACCOUNT UNLOCK;"));
        run(server, [roles, unlock.concat()].concat()).await;

        let (_, host) = server.split_once('@').expect("a user in the URL");
        let [url, migration_url] = users
            .each_ref()
            .map(|user| format!("mysql://{user}:{id}@{host}/{name}"));
        let config = DatabaseConfig {
            migration_url: Some(SecretString::from(migration_url)),
            ..DatabaseConfig::at(url)
        };
        let undo = format!(
            "DROP DATABASE `{name}`; DROP USER `{}`, `{}`",
            users[0], users[1]
        );
        let server = server.to_owned();
        Self::at(config, Place::Schema(Schema { server, undo })).await
    }

    async fn at(config: DatabaseConfig, place: Place) -> Self {
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
        let sql = self.undo.clone();
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

fn server() -> String {
    let server = env::var(SERVER);
    let server = server
        .unwrap_or_else(|_| panic!("{SERVER} is not set: run `make test`, which starts a server"));
    server.trim_end_matches('/').to_owned()
}

async fn run(server: &str, sql: String) {
    let server: MySqlConnectOptions = server.parse().expect("a MySQL URL");
    let mut connection = server.connect().await.expect("the test server answers");
    connection.execute(AssertSqlSafe(sql)).await.expect("done");
    connection.close().await.expect("closed");
}
