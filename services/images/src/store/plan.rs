//! Every page is read along an index, in its order: no engine may sort, or read more than the page.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, ImageId, Page, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use pupila_imaging::Format;
use sqlx::MySql;
use uuid::Uuid;

use super::{ImageStore as _, open_store, row, select, sql::SqlStore};
use crate::filter::ImageFilter;

/// Images of one owner: a thousand pages of a hundred.
const IMAGES: i64 = 100_000;
const PAGE: u32 = 100;

/// A filter of every shape, and the index that must serve it.
fn questions() -> [(ImageFilter, &'static str); 4] {
    let everything = ImageFilter::default();
    let format = ImageFilter {
        format: Some(Format::Png),
        ..everything.clone()
    };
    let words = ImageFilter {
        text: Some("left knee".to_owned()),
        ..everything.clone()
    };
    let since = ImageFilter {
        from_time: Some(Timestamp::UNIX_EPOCH),
        ..format.clone()
    };
    [
        (everything, "images_by_owner"),
        (words, "images_by_owner"),
        (format, "images_by_owner_format"),
        (since, "images_by_owner_format"),
    ]
}

/// How the engine reads page 1,000.
async fn explain<DB: Dialect>(
    explain: &'static str,
    pools: &Pools<DB>,
    filter: &ImageFilter,
) -> Vec<Row<DB>> {
    let statement = Statement::<DB>::new(explain).push(row::SELECT);
    let statement = select::page(statement, UserId::LOCAL, filter, page(1000));
    let mut reader = pools.reader().await.expect("a connection");
    statement.fetch_all(&mut reader).await.expect("a plan")
}

/// The page of that number, from 1. The newest image has the highest number, and its number for a time.
fn page(number: u32) -> Page {
    let first = Page::new(PAGE, "").expect("valid");
    let last = IMAGES - i64::from(PAGE * (number - 1)) + 1;
    match number {
        1 => first,
        _ => first.following(Cursor {
            key: last,
            id: uuid(last),
        }),
    }
}

fn uuid(number: i64) -> Uuid {
    Uuid::from_u64_pair(0, number.unsigned_abs())
}

/// Gives one owner all images there are.
async fn fill<DB: Dialect>(pools: &Pools<DB>) {
    let digest = Digest::of(b"").as_bytes().to_vec();
    let mut transaction = pools.transaction().await.expect("begun");
    Statement::<DB>::new(
        "INSERT INTO blobs (sha256, generation, size, create_time) VALUES (?, ?, 1, 0)",
    )
    .bind(digest.clone())
    .bind(Uuid::nil())
    .execute(&mut transaction)
    .await
    .expect("a blob");
    let numbers: Vec<_> = (1..=IMAGES).collect();
    for batch in numbers.chunks(1_000) {
        let insert = Statement::<DB>::new(
            "INSERT INTO images (id, create_time, owner, sha256, purpose, size, name, description, \
             search_text, format, width, height, transparent, taken_at, camera, update_time, revision) \
             VALUES ",
        );
        let insert = batch.iter().fold(insert, |insert, number| {
            let insert = match number == &batch[0] {
                true => insert,
                false => insert.push(", "),
            };
            insert
                .push("(?, ?, ?, ?, 'library', 1, 'a', 'b', 'a b', 'png', 1, 1, 0, '', '', 0, 1)")
                .bind(uuid(*number))
                .bind(*number)
                .bind(UserId::LOCAL.as_uuid())
                .bind(digest.clone())
        });
        insert.execute(&mut transaction).await.expect("images");
    }
    transaction.commit().await.expect("committed");
}

/// Page 1,000 of the owner's images is what it must be.
async fn check_page<DB: Dialect>(pools: &Pools<DB>) {
    let store = SqlStore::new(pools.clone());
    let everything = ImageFilter::default();
    let listing = store.list(UserId::LOCAL, &everything, page(1000)).await;
    let found: Vec<_> = listing
        .expect("a page")
        .items
        .iter()
        .map(|image| image.id)
        .collect();
    let expected: Vec<_> = (1..=i64::from(PAGE))
        .rev()
        .map(|number| ImageId::from_uuid(uuid(number)))
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_reads_page_1000_along_its_index() {
    let test = TestDatabase::sqlite().await;
    open_store(&test.database).await.expect("migrated");
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    fill(pools).await;
    check_page(pools).await;
    for (filter, index) in questions() {
        let plan = explain("EXPLAIN QUERY PLAN ", pools, &filter).await;
        let steps: Vec<String> = plan
            .iter()
            .map(|step| step.get("detail").expect("a step"))
            .collect();
        assert_eq!(steps.len(), 1, "a second step sorts: {steps:?}");
        assert!(steps[0].contains(&format!("{index} (owner=?")), "{steps:?}");
        assert!(steps[0].contains("create_time<?"), "{steps:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_reads_page_1000_along_its_index_and_no_row_more_than_page_1() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    fill(pools).await;
    check_page(pools).await;
    for (filter, index) in questions() {
        let plan = explain("EXPLAIN ", pools, &filter).await;
        assert_eq!(plan.len(), 1);
        let told = |column| plan[0].get::<String>(column).expect("told");
        assert_eq!(told("key"), index);
        assert_eq!(told("type"), "range");
        assert!(!told("Extra").contains("filesort"), "{}", told("Extra"));
    }
    let first = rows_read(pools, page(1)).await;
    let last = rows_read(pools, page(1000)).await;
    let page = u64::from(PAGE);
    assert!((page..=2 * page).contains(&first), "{first}");
    // The row that a page starts after is looked at too.
    assert!(
        last <= first + 1,
        "{last} rows for page 1000, {first} for page 1"
    );
}

/// How many rows the server reads for a page, by its own count.
async fn rows_read(pools: &Pools<MySql>, page: Page) -> u64 {
    let mut reader = pools.reader().await.expect("a connection");
    let mut counts = [0, 0];
    for count in &mut counts {
        let status = Statement::<MySql>::new("SHOW SESSION STATUS LIKE 'Handler_read%'");
        let rows = status.fetch_all(&mut reader).await.expect("a status");
        let values = rows
            .iter()
            .map(|row| row.get::<String>("Value").expect("a value"));
        *count = values
            .map(|value| value.parse::<u64>().expect("a number"))
            .sum();
        let select = Statement::<MySql>::new(row::SELECT);
        let select = select::page(select, UserId::LOCAL, &ImageFilter::default(), page);
        select.fetch_all(&mut reader).await.expect("a page");
    }
    let [before, after] = counts;
    after - before
}
