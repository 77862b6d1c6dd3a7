//! Connecting and migrating, on every engine.

use std::fs;

use pupila_core::{ErrorCode, Fault as _};
use pupila_db::{Database, DatabaseConfig, DatabaseError, TestDatabase};

use crate::{FIRST, SECOND, migrations};

async fn connect(url: &str) -> Result<Database, DatabaseError> {
    let mut config = DatabaseConfig::at(url);
    config.acquire_timeout_ms = 200;
    Database::connect(&config).await
}

async fn a_new_version_migrates_what_an_old_one_left(test: TestDatabase) {
    let database = &test.database;
    database.migrate(&migrations(&[FIRST])).await.expect("old");
    let new = migrations(&[FIRST, SECOND]);
    database.migrate(&new).await.expect("new");
    database.migrate(&new).await.expect("nothing left to do");
    database.ping().await.expect("it answers");

    // The old version finds a step that it does not know.
    let error = database.migrate(&migrations(&[FIRST])).await;
    assert!(matches!(error, Err(DatabaseError::Migration(_))));
    // Somebody edited a step after it ran.
    let error = database.migrate(&migrations(&[SECOND])).await;
    assert!(matches!(error, Err(DatabaseError::Migration(_))));
}

async fn a_failed_migration_leaves_the_lock_to_others(test: TestDatabase) {
    let database = &test.database;
    let broken = database.migrate(&migrations(&["CREATE TABEL typo"])).await;
    assert_eq!(broken.expect_err("a typo").code(), ErrorCode::Internal);
    // Fails at once on what is there, instead of waiting for a lock.
    let again = database.migrate(&migrations(&["CREATE TABEL typo"])).await;
    assert!(matches!(again, Err(DatabaseError::Migration(_))));
}

#[tokio::test]
async fn a_new_version_migrates_an_old_sqlite_file() {
    a_new_version_migrates_what_an_old_one_left(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn a_new_version_migrates_an_old_mysql_schema() {
    a_new_version_migrates_what_an_old_one_left(TestDatabase::mysql().await).await;
}

#[tokio::test]
async fn a_failed_migration_leaves_the_sqlite_file_to_others() {
    a_failed_migration_leaves_the_lock_to_others(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn a_failed_migration_leaves_the_mysql_schema_to_others() {
    a_failed_migration_leaves_the_lock_to_others(TestDatabase::mysql().await).await;
}

#[tokio::test]
async fn a_sqlite_file_is_made_with_its_folders() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a/b/history.db");
    let url = format!("sqlite://{}", file.display());
    connect(&url).await.expect("made");
    assert!(file.is_file());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    fs::write(&file, "not a database, but long enough to be read as one").expect("written");
    let error = connect(&format!("sqlite://{}", file.display())).await;
    assert_eq!(
        error.expect_err("not a database").code(),
        ErrorCode::Internal
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let url = format!("sqlite://{}/below/history.db", file.path().display());
    let error = connect(&url).await.expect_err("a file is no folder");
    assert!(matches!(error, DatabaseError::File(..)), "{error}");
}

#[tokio::test]
async fn urls_of_no_use_are_refused_without_repeating_them() {
    for url in [
        "",
        "history.db",
        "postgres://root:hunter2@db/history",
        "mysql://root:hunter2@db",
        "mysql://root:hunter2@db:port/history",
        "sqlite://",
        "sqlite://:memory:",
    ] {
        let error = connect(url).await.expect_err(url);
        assert!(matches!(error, DatabaseError::Url(_)), "{url}: {error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{url}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable() {
    // Port 1 is reserved, so nothing listens there.
    let error = connect("mysql://root@127.0.0.1:1/history").await;
    assert_eq!(error.expect_err("away").code(), ErrorCode::Unavailable);
}

#[tokio::test]
async fn a_schema_that_ignores_case_is_refused() {
    let test = TestDatabase::mysql().await;
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    let mut writer = pools.writer().await.expect("a connection");
    pupila_db::Statement::<sqlx::MySql>::new("ALTER DATABASE COLLATE utf8mb4_general_ci")
        .execute(&mut writer)
        .await
        .expect("altered");
    let error = Database::connect(&test.config).await.expect_err("it does");
    assert!(error.to_string().contains("utf8mb4_general_ci"), "{error}");
}
