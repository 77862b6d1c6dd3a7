//! What statements tell, the same on every engine.

use std::{future::poll_fn, task::Poll};

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

async fn a_list_holds_any_number_of_values<DB: Dialect>(pools: &Pools<DB>) {
    make_table(pools).await;
    let mut writer = pools.writer().await.expect("a connection");
    for id in 1..=3 {
        insert::<DB>(id, None)
            .execute(&mut writer)
            .await
            .expect("new");
    }
    for (ids, met) in [(&[][..], 0), (&[2], 1), (&[1, 3, 4], 2)] {
        let delete = Statement::<DB>::new("DELETE FROM things")
            .push_list(" WHERE id IN", ids.iter().copied());
        let deleted = delete.rows_affected(&mut writer).await;
        assert_eq!(deleted.expect("run"), met, "{ids:?}");
    }
}

async fn a_row_that_points_nowhere_is_told<DB: Dialect>(pools: &Pools<DB>) {
    make_table(pools).await;
    let mut writer = pools.writer().await.expect("a connection");
    Statement::<DB>::new(
        "CREATE TABLE parts (thing BIGINT NOT NULL, FOREIGN KEY (thing) REFERENCES things (id))",
    )
    .execute(&mut writer)
    .await
    .expect("made");
    let part = Statement::<DB>::new("INSERT INTO parts (thing) VALUES (1)");
    let refusal = part.execute(&mut writer).await.expect_err("no such thing");
    assert!(refusal.is_foreign_key_violation() && !refusal.is_unique_violation());
}

/// Whoever gives up waiting for a transaction, at whatever step, leaves none behind in which the next one reads.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_ends_a_transaction_that_nobody_waits_for() {
    let test = TestDatabase::mysql().await;
    let Database::MySql(others) = &test.database else {
        panic!("this is MySQL")
    };
    make_table(others).await;
    let config = pupila_db::DatabaseConfig {
        max_connections: 1,
        ..test.config.clone()
    };
    let Ok(Database::MySql(pools)) = Database::connect(&config).await else {
        panic!("this is MySQL")
    };
    let count = async || {
        let select = Statement::<sqlx::MySql>::new("SELECT COUNT(*) AS things FROM things");
        let mut reader = pools.reader().await.expect("a connection");
        let row = select.fetch_optional(&mut reader).await.expect("read");
        row.expect("a row").get::<i64>("things").expect("a number")
    };
    // At every step, and again and again: how many polls lead to which step is for the network to say.
    for attempt in 0..100 {
        let polls = attempt % 10;
        give_up_after(polls, pools.transaction()).await;
        assert_eq!(count().await, attempt);
        let mut writer = others.writer().await.expect("a connection");
        let insert = insert::<sqlx::MySql>(attempt, None);
        insert.execute(&mut writer).await.expect("new");
        assert_eq!(count().await, attempt + 1, "given up at {polls}");
    }
    Database::MySql(pools).close().await;
}

/// Drops the future when it has been polled so many times.
async fn give_up_after<F: Future>(polls: i64, future: F) {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        future.as_mut().poll(context).map(drop)
    })
    .await;
}

/// Each of two transactions holds what the other one waits for.
#[tokio::test]
async fn mysql_undoes_one_of_two_that_wait_for_each_other() {
    let test = TestDatabase::mysql().await;
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    make_table(pools).await;
    let lock = |id: i64| {
        Statement::<sqlx::MySql>::new("SELECT id FROM things WHERE id = ?")
            .bind(id)
            .locking()
    };
    let mut one = pools.transaction().await.expect("begun");
    insert::<sqlx::MySql>(1, None)
        .execute(&mut one)
        .await
        .expect("new");
    let mut other = pools.transaction().await.expect("begun");
    insert::<sqlx::MySql>(2, None)
        .execute(&mut other)
        .await
        .expect("new");
    let (first, second) = tokio::join!(
        async {
            let result = lock(2).fetch_all(&mut one).await;
            one.rollback().await.expect("ended");
            result
        },
        async {
            let result = lock(1).fetch_all(&mut other).await;
            other.rollback().await.expect("ended");
            result
        },
    );
    let undone = [first.err(), second.err()];
    let undone: Vec<_> = undone.into_iter().flatten().collect();
    assert_eq!(undone.len(), 1);
    assert!(undone[0].is_deadlock(), "{}", undone[0]);
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
    a_list_holds_any_number_of_values: sqlite_lists, mysql_lists;
    a_row_that_points_nowhere_is_told: sqlite_tells_a_dangling_row, mysql_tells_a_dangling_row;
}
