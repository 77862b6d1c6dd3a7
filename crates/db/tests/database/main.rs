//! Connecting and migrating, on every engine and as every user.

mod connect;
mod roles;

use std::borrow::Cow;

use pupila_db::Migrator;
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{Migration, MigrationType},
};

const FIRST: &str = "CREATE TABLE first (id BIGINT NOT NULL, PRIMARY KEY (id))";
const SECOND: &str = "CREATE TABLE second (id BIGINT NOT NULL, PRIMARY KEY (id))";

/// A service's migrations: the first is version 1.
fn migrations(statements: &[&'static str]) -> Migrator {
    let migrations = (1..).zip(statements).map(|(version, sql)| {
        let sql = AssertSqlSafe(*sql).into_sql_str();
        let description = Cow::Borrowed("a step");
        Migration::new(version, description, MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}
