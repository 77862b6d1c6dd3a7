//! What the users of `migrations/roles` may do, and what they may not, on the MySQL test server.

use pupila_core::{ErrorCode, Fault as _};
use pupila_db::{Database, DatabaseConfig, DatabaseError, Statement, TestDatabase};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::MySql;

use crate::{FIRST, SECOND, migrations};

/// MySQL's "command denied", for a table and for a schema.
const DENIED: [&str; 2] = ["1142", "1044"];

async fn run(database: &Database, sql: &'static str) -> Result<Vec<String>, DatabaseError> {
    let Database::MySql(pools) = database else {
        panic!("this is MySQL")
    };
    let mut connection = pools.writer().await?;
    let rows = Statement::<MySql>::new(sql)
        .fetch_all(&mut connection)
        .await?;
    rows.iter().map(|row| row.get("found")).collect()
}

async fn is_denied(database: &Database, sql: &'static str) {
    let error = run(database, sql).await.expect_err(sql);
    let told = format!("{error:?}");
    assert!(DENIED.iter().any(|code| told.contains(code)), "{told}");
}

/// Enters as the user who migrates.
async fn as_migrator(test: &TestDatabase) -> Database {
    let url = test.config.migration_url.as_ref().expect("a URL");
    let config = DatabaseConfig::at(url.expose_secret());
    Database::connect(&config).await.expect("connected")
}

#[tokio::test]
async fn each_service_comes_up_with_users_of_its_own() {
    for service in ["accounts", "history", "images"] {
        let test = TestDatabase::mysql_for(service).await;
        test.database
            .migrate(&migrations(&[FIRST, SECOND]))
            .await
            .expect("migrated as the other user");
        run(&test.database, "INSERT INTO first (id) VALUES (1)")
            .await
            .expect("a row");
        run(&test.database, "UPDATE first SET id = 2")
            .await
            .expect("changed");
        let found = run(&test.database, "SELECT CONCAT('', id) AS found FROM first").await;
        assert_eq!(found.expect("read"), ["2"]);
        run(&test.database, "DELETE FROM first")
            .await
            .expect("deleted");
    }
}

#[tokio::test]
async fn the_user_who_serves_cannot_change_tables() {
    let test = TestDatabase::mysql_for("history").await;
    let migrated = test.database.migrate(&migrations(&[FIRST])).await;
    migrated.expect("migrated as the other user");
    for statement in [
        "CREATE TABLE own (id BIGINT)",
        "ALTER TABLE first ADD COLUMN more BIGINT",
        "CREATE INDEX more ON first (id)",
        "DROP TABLE first",
        "TRUNCATE TABLE first",
        "CREATE DATABASE own",
    ] {
        is_denied(&test.database, statement).await;
    }
}

#[tokio::test]
async fn nobody_sees_the_schema_of_another_service() {
    let history = TestDatabase::mysql_for("history").await;
    let accounts = TestDatabase::mysql_for("accounts").await;
    accounts
        .database
        .migrate(&migrations(&[FIRST]))
        .await
        .expect("migrated");

    let schemas = "SELECT schema_name AS found FROM information_schema.schemata \
                   WHERE schema_name NOT IN ('information_schema', 'performance_schema') \
                   AND schema_name <> DATABASE()";
    for database in [history.database.clone(), as_migrator(&history).await] {
        let found = run(&database, schemas).await.expect("asked");
        assert_eq!(found, [""; 0]);
        is_denied(&database, "SELECT user AS found FROM mysql.user").await;
    }

    // Its own password opens no other schema.
    let own = history.config.url.as_ref().expect("a URL").expose_secret();
    let other = accounts.config.url.as_ref().expect("a URL").expose_secret();
    let (user, _) = own.rsplit_once('/').expect("a schema");
    let (_, schema) = other.rsplit_once('/').expect("a schema");
    let error = Database::connect(&DatabaseConfig::at(format!("{user}/{schema}"))).await;
    let error = format!("{:?}", error.expect_err("denied"));
    assert!(DENIED.iter().any(|code| error.contains(code)), "{error}");
}

#[tokio::test]
async fn the_user_who_serves_cannot_migrate() {
    let test = TestDatabase::mysql_for("history").await;
    let config = DatabaseConfig {
        migration_url: None,
        ..test.config.clone()
    };
    let database = Database::connect(&config).await.expect("connected");
    let error = database.migrate(&migrations(&[FIRST])).await;
    let error = error.expect_err("denied");
    assert!(matches!(error, DatabaseError::Migration(_)), "{error:?}");
}

#[tokio::test]
async fn many_processes_migrate_at_once() {
    let test = TestDatabase::mysql_for("history").await;
    let steps = migrations(&[FIRST, SECOND]);
    let process = async || {
        let database = Database::connect(&test.config).await.expect("connected");
        database.migrate(&steps).await.expect("migrated, or waited");
    };
    tokio::join!(process(), process(), process(), process());
}

#[tokio::test]
async fn a_migration_url_that_leads_elsewhere_is_refused() {
    let test = TestDatabase::mysql_for("history").await;
    let other = TestDatabase::mysql_for("history").await;
    let elsewhere = other.config.migration_url.expect("a URL");
    for url in [
        elsewhere.expose_secret(),
        "mysql://root:hunter2@db",
        "root:hunter2@db/history",
    ] {
        let config = DatabaseConfig {
            migration_url: Some(SecretString::from(url)),
            ..test.config.clone()
        };
        let error = Database::connect(&config).await.expect_err(url);
        assert!(matches!(error, DatabaseError::MigrationUrl(_)), "{error:?}");
        assert!(
            !format!("{error:?} {error}").contains("hunter2"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_migration_user_who_is_away_is_noticed_when_there_is_something_to_migrate() {
    let test = TestDatabase::mysql_for("history").await;
    let url = test.config.url.as_ref().expect("a URL").expose_secret();
    let (_, schema) = url.rsplit_once('/').expect("a schema");
    let config = DatabaseConfig {
        migration_url: Some(format!("mysql://root@127.0.0.1:1/{schema}").into()),
        acquire_timeout_ms: 200,
        ..test.config.clone()
    };
    let database = Database::connect(&config)
        .await
        .expect("the other is there");
    let error = database.migrate(&migrations(&[FIRST])).await;
    assert_eq!(error.expect_err("away").code(), ErrorCode::Unavailable);
}

#[tokio::test]
async fn sqlite_knows_no_migration_user() {
    let test = TestDatabase::sqlite().await;
    let config = DatabaseConfig {
        migration_url: Some(SecretString::from("mysql://root@db/history")),
        ..test.config.clone()
    };
    let error = Database::connect(&config).await.expect_err("SQLite");
    assert!(matches!(error, DatabaseError::MigrationUrl(_)), "{error:?}");
}
