//! Albums as their callers see them: through the guard, on every engine.

mod bad_input;
mod callers;
mod contents;
mod erasing;
mod fixtures;
mod lifecycle;
mod limits;
mod links;
mod members;
mod moves;
mod opening;
mod roles;
mod shares;
mod together;

/// Runs each story, a function of a [`fixtures::TestAlbums`], on SQLite and on the MySQL test server.
macro_rules! on_every_engine {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story($crate::fixtures::TestAlbums::sqlite().await).await;
            })+
        }

        mod mysql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story($crate::fixtures::TestAlbums::mysql().await).await;
            })+
        }
    };
}
pub(crate) use on_every_engine;
