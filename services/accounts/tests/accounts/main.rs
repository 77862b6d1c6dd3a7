//! Accounts as other services see them: through their guard, on every engine.

mod acting;
mod administrators;
mod api_keys;
mod audit;
mod bad_input;
mod erasure;
mod fixtures;
mod lockout;
mod notifications;
mod owners;
mod passwords;
mod registration;
mod rotation;
mod services;
mod sessions;
mod sign_in;
mod together;
mod users;

/// Runs each story, a function of a [`fixtures::TestAccounts`], on SQLite and on the MySQL test server.
macro_rules! on_every_engine {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story($crate::fixtures::TestAccounts::sqlite().await).await;
            })+
        }

        mod mysql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story($crate::fixtures::TestAccounts::mysql().await).await;
            })+
        }
    };
}
pub(crate) use on_every_engine;
