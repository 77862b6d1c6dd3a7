//! Images as its callers see it: through the guard, on real databases and real object stores.

mod accounts;
mod archives;
mod archivist;
mod avatars;
mod bad_files;
mod bad_requests;
mod concurrency;
mod content;
mod crashes;
mod deletions;
mod departures;
mod download;
mod erasure;
mod harness;
mod kept_renditions;
mod lists;
mod locations;
mod losses;
mod metrics;
mod orders;
mod outages;
mod pictures;
mod quotas;
mod renditions;
mod repeats;
mod searches;
mod sweeps;
mod updates;
mod uploads;
mod user;
mod visibility;

/// Runs each story, a function of a [`harness::TestImages`], on both engines, with the bytes in a folder.
macro_rules! on_every_engine {
    ($($story:ident),+ $(,)?) => {
        crate::stories!(sqlite: Sqlite Folder $($story)+);
        crate::stories!(mysql: MySql Folder $($story)+);
    };
}
pub(crate) use on_every_engine;

/// The same, with the bytes in a folder and in a bucket.
macro_rules! on_every_store {
    ($($story:ident),+ $(,)?) => {
        crate::on_every_engine!($($story),+);
        crate::stories!(sqlite_and_s3: Sqlite Bucket $($story)+);
        crate::stories!(mysql_and_s3: MySql Bucket $($story)+);
    };
}
pub(crate) use on_every_store;

macro_rules! stories {
    ($module:ident: $engine:ident $place:ident $($story:ident)+) => {
        mod $module {
            use crate::harness::{Engine, Place, TestImages};

            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                let images = TestImages::on(Engine::$engine, Place::$place).await;
                super::$story(images).await;
            })+
        }
    };
}
pub(crate) use stories;
