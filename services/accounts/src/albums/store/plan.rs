//! Every list is read along an index, in its order, and whatever is asked is found by keys: no engine may sort a list,
//! or read more than it answers.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, Guest, ImageId, Page, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use uuid::Uuid;

use super::{album, entering, link, member, place, share, view};
use crate::albums::{NewAlbum, NewLink, OwnedImage, link::LinkLock};

/// A statement that is explained, and what must lead to each table that it reads, in their order.
struct Question<DB: Dialect> {
    statement: Statement<DB>,
    /// The columns of the index.
    sqlite: &'static [&'static str],
    /// The index, and the kind of access to it.
    mysql: &'static [(&'static str, &'static str)],
}

/// Stores an album with many images and a link: engines look no further where there is no row to be found, and mind no
/// index where there are few.
async fn stock<DB: Dialect>(pools: &Pools<DB>, owner: UserId, now: Timestamp) -> Guest {
    let new = NewAlbum {
        name: "an album".to_owned(),
        description: String::new(),
    };
    let mut album = new.made_by(owner, now);
    let new = NewLink {
        expire_time: None,
        password: None,
    };
    let link = new.made_at(now);
    let lock = LinkLock {
        token: Digest::of(b"a token"),
        password_hash: None,
    };
    let mut writer = pools.writer().await.expect("a connection");
    for insert in [
        album::insert::<DB>(&album, None),
        link::insert::<DB>(&album, &link, &lock, None),
    ] {
        insert.execute(&mut writer).await.expect("stored");
    }
    for _ in 0..20 {
        let images = images(now);
        let added = entering::add::<DB>(&mut writer, album, &images, owner, now).await;
        album = added.expect("stored");
    }
    Guest {
        link: link.id,
        album: album.id,
    }
}

fn images(now: Timestamp) -> Vec<ImageId> {
    let images = std::iter::repeat_with(|| ImageId::new(now));
    images.take(200).collect()
}

async fn questions<DB: Dialect>(pools: &Pools<DB>, explain: &'static str) -> Vec<Question<DB>> {
    let now = Timestamp::now();
    let user = UserId::new(now);
    let guest = stock::<DB>(pools, user, now).await;
    let page = Page::LONGEST.following(Cursor {
        key: now.as_microsecond(),
        id: Uuid::max(),
    });
    let owned = |image| OwnedImage { image, owner: user };
    let owned: Vec<_> = images(now).into_iter().map(owned).collect();
    let select = |what| Statement::<DB>::new(explain).push(what);
    vec![
        Question {
            statement: view::seen_by_user(select(album::SELECT), guest.album, user),
            sqlite: &["(id=?)", "(album=? AND user_id=?)"],
            mysql: &[("PRIMARY", "const"), ("album_members_by_user", "const")],
        },
        Question {
            statement: view::seen_by_guest(select(album::SELECT), guest.album, guest, now),
            sqlite: &["(id=?)", "(id=?)"],
            mysql: &[("PRIMARY", "const"), ("PRIMARY", "const")],
        },
        Question {
            statement: view::owned(select(album::SELECT), user, page),
            sqlite: &["albums_by_owner (owner=? AND create_time<?)"],
            mysql: &[("albums_by_owner", "range")],
        },
        Question {
            statement: view::joined(select(album::SELECT), user, page),
            sqlite: &["(user_id=? AND album_create_time<?)", "(id=?)"],
            mysql: &[
                ("album_members_by_album_time", "range"),
                ("PRIMARY", "eq_ref"),
            ],
        },
        Question {
            statement: place::listed(select(place::SELECT), guest.album, &[], page),
            sqlite: &["album_images_by_position (album=? AND position>?)"],
            mysql: &[("album_images_by_position", "range")],
        },
        Question {
            statement: member::listed(select(member::SELECT), guest.album, page),
            sqlite: &["album_members_by_time (album=? AND create_time>?)"],
            mysql: &[("album_members_by_time", "range")],
        },
        Question {
            statement: link::listed(select(link::SELECT), guest.album, page),
            sqlite: &["album_links_by_time (album=? AND create_time<?)"],
            mysql: &[("album_links_by_time", "range")],
        },
        Question {
            statement: share::with_user(select(share::SELECT), &owned, user),
            sqlite: &[
                "album_image_adders_by_image (image=? AND added_by=?)",
                "(id=?)",
                "(album=? AND user_id=?)",
            ],
            mysql: &[
                ("album_image_adders_by_image", "range"),
                ("PRIMARY", "eq_ref"),
                ("album_members_by_user", "eq_ref"),
            ],
        },
        Question {
            statement: share::with_guest(select(share::SELECT), &owned, guest, now),
            sqlite: &["(id=?)", "(album=? AND image=?)"],
            mysql: &[
                ("PRIMARY", "const"),
                ("album_image_adders_by_image", "range"),
            ],
        },
    ]
}

async fn plan<DB: Dialect>(pools: &Pools<DB>, statement: Statement<DB>) -> Vec<Row<DB>> {
    let mut reader = pools.reader().await.expect("a connection");
    statement.fetch_all(&mut reader).await.expect("a plan")
}

async fn migrated(test: &TestDatabase) {
    let migrations = sqlx::migrate!("../../migrations/accounts");
    test.database.migrate(&migrations).await.expect("migrated");
}

#[tokio::test]
async fn sqlite_reads_along_indexes() {
    let test = TestDatabase::sqlite().await;
    migrated(&test).await;
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    for question in questions(pools, "EXPLAIN QUERY PLAN ").await {
        let steps = plan(pools, question.statement).await;
        let steps = steps.iter().map(|step| step.get::<String>("detail"));
        let mut steps: Vec<_> = steps.collect::<Result<_, _>>().expect("told");
        // One line for each of many images.
        steps.retain(|step| step != "MULTI-INDEX OR" && !step.starts_with("INDEX "));
        steps.dedup();
        // An image may be shared through several albums; it is answered once.
        steps.retain(|step| step != "USE TEMP B-TREE FOR DISTINCT");
        assert_eq!(steps.len(), question.sqlite.len(), "{steps:?}");
        for (step, index) in steps.iter().zip(question.sqlite) {
            let searches = step.starts_with("SEARCH ") && step.contains(index);
            assert!(searches, "{index} is not what leads here: {steps:?}");
        }
    }
}

#[tokio::test]
async fn mysql_reads_along_indexes() {
    let test = TestDatabase::mysql().await;
    migrated(&test).await;
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    let questions = questions(pools, "EXPLAIN ").await;
    // Counts what is there now, and not at some later time.
    plan(pools, Statement::new("ANALYZE TABLE album_image_adders")).await;
    for question in questions {
        let steps = plan(pools, question.statement).await;
        let told = |step: &Row<_>, column| step.get::<Option<String>>(column).ok().flatten();
        let lead = |step| (told(step, "key"), told(step, "type"), told(step, "Extra"));
        let steps: Vec<_> = steps.iter().map(lead).collect();
        let leads = steps
            .iter()
            .map(|(index, kind, _)| (index.as_deref(), kind.as_deref()));
        let expected = question.mysql.iter();
        let expected = expected.map(|(index, kind)| (Some(*index), Some(*kind)));
        assert!(leads.eq(expected), "{steps:?}");
        let sorts = |extra: &Option<String>| extra.iter().any(|extra| extra.contains("filesort"));
        assert!(!steps.iter().any(|(_, _, extra)| sorts(extra)), "{steps:?}");
    }
}
