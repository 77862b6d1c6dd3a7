//! What every store of predictions must do, on every engine.

mod erase;
mod fixtures;
mod idempotency;
mod images;
mod list;
mod record;
mod review;
mod statistics;

/// Runs each test, a function of a [`fixtures::TestStore`], on SQLite and on the MySQL test server.
macro_rules! on_every_engine {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::fixtures::TestStore::sqlite().await).await;
            })+
        }

        mod mysql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::fixtures::TestStore::mysql().await).await;
            })+
        }
    };
}
pub(crate) use on_every_engine;
