//! What statements tell, the same on every engine.

use pupila_db::{Database, Dialect, Pools, Statement, TestDatabase};

async fn make_table<DB: Dialect>(pools: &Pools<DB>) {
    let mut writer = pools.writer().await.expect("a connection");
    Statement::<DB>::new(
        "CREATE TABLE things (id BIGINT NOT NULL, name VARCHAR(10), PRIMARY KEY (id))",
    )
    .execute(&mut writer)
    .await
    .expect("made");
}

fn insert<DB: Dialect>(id: i64, name: Option<&str>) -> Statement<DB> {
    Statement::new("INSERT INTO things (id, name) VALUES (?, ?)")
        .bind(id)
        .bind(name.map(str::to_owned))
}

async fn a_clash_is_told_from_other_refusals<DB: Dialect>(pools: &Pools<DB>) {
    make_table(pools).await;
    let mut writer = pools.writer().await.expect("a connection");
    insert::<DB>(1, None)
        .execute(&mut writer)
        .await
        .expect("new");
    let clash = insert::<DB>(1, None).execute(&mut writer).await;
    assert!(clash.expect_err("a clash").is_unique_violation());
    let typo = Statement::<DB>::new("INSERT INTO thnigs (id) VALUES (1)");
    let refusal = typo.execute(&mut writer).await;
    assert!(!refusal.expect_err("a typo").is_unique_violation());
}

async fn rows_that_stay_as_they_are_are_counted<DB: Dialect>(pools: &Pools<DB>) {
    make_table(pools).await;
    let mut writer = pools.writer().await.expect("a connection");
    insert::<DB>(1, Some("a"))
        .execute(&mut writer)
        .await
        .expect("new");
    let rename =
        |id: i64| Statement::<DB>::new("UPDATE things SET name = 'a' WHERE id = ?").bind(id);
    assert_eq!(rename(1).rows_affected(&mut writer).await.expect("run"), 1);
    assert_eq!(rename(2).rows_affected(&mut writer).await.expect("run"), 0);
}

async fn what_is_not_committed_is_undone<DB: Dialect>(pools: &Pools<DB>) {
    make_table(pools).await;
    let mut transaction = pools.transaction().await.expect("begun");
    insert::<DB>(1, None)
        .execute(&mut transaction)
        .await
        .expect("new");
    drop(transaction);
    let mut transaction = pools.transaction().await.expect("begun");
    insert::<DB>(1, Some("b"))
        .execute(&mut transaction)
        .await
        .expect("free again");
    transaction.commit().await.expect("committed");

    let mut reader = pools.reader().await.expect("a connection");
    let select = |id: i64| Statement::<DB>::new("SELECT name FROM things WHERE id = ?").bind(id);
    let row = select(1).fetch_optional(&mut reader).await.expect("read");
    let name: Option<String> = row.expect("a row").get("name").expect("a name");
    assert_eq!(name.as_deref(), Some("b"));
    let none = select(2).fetch_optional(&mut reader).await.expect("read");
    assert!(none.is_none());
}

/// Each story on each engine.
macro_rules! on_every_engine {
    ($($story:ident: $sqlite:ident, $mysql:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            let test = TestDatabase::sqlite().await;
            let Database::Sqlite(pools) = &test.database else { panic!("this is SQLite") };
            $story(pools).await;
        }

        #[tokio::test]
        async fn $mysql() {
            let test = TestDatabase::mysql().await;
            let Database::MySql(pools) = &test.database else { panic!("this is MySQL") };
            $story(pools).await;
        }
    )+};
}

on_every_engine! {
    a_clash_is_told_from_other_refusals: sqlite_tells_a_clash, mysql_tells_a_clash;
    rows_that_stay_as_they_are_are_counted: sqlite_counts_rows, mysql_counts_rows;
    what_is_not_committed_is_undone: sqlite_undoes, mysql_undoes;
}
