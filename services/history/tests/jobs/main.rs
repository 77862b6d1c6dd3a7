//! The life of jobs, through real tonic, on every engine.

mod access;
mod archives;
mod backlog;
mod bad_input;
mod cancel;
mod crowd;
mod erase;
mod failures;
mod fixtures;
mod leases;
mod life;
mod lists;
mod model;
mod notices;
mod queue;
mod repeat;
mod retry;
mod watching;

/// Runs each test, a function of a [`fixtures::TestJobs`], on SQLite and on the MySQL test server.
macro_rules! on_every_engine {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::fixtures::TestJobs::sqlite().await).await;
            })+
        }

        mod mysql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::fixtures::TestJobs::mysql().await).await;
            })+
        }
    };
}
pub(crate) use on_every_engine;
