//! Pupila from the outside: the real programs, started as people start them, and asked over HTTP and gRPC.
//!
//! A story is told once and runs against both shapes of the product:
//!
//! ```ignore
//! stories!(an_x_ray_is_predicted);
//!
//! async fn an_x_ray_is_predicted(shape: Shape) {
//!     let app = Pupila::of(shape).start().await;
//!     assert_eq!(app.predict(&File::x_ray()).await.status, 200);
//! }
//! ```

mod api;
mod event_stream;
mod exif;
mod file;
mod load;
mod models;
mod port;
mod program;
mod pupila;
mod reply;
mod servers;
mod setup;
mod user;
mod waiting;
mod wire;

pub use api::Api;
pub use event_stream::{Event, EventStream};
pub use file::File;
pub use load::Load;
pub use models::ModelFolder;
pub use port::free_port;
pub use program::{Program, program};
pub use pupila::{Part, Pupila};
pub use reply::Reply;
pub use servers::OwnServers;
pub use setup::Setup;
pub use user::{User, text};
pub use waiting::eventually;
pub use wire::Wire;

/// How the product runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One process with SQLite.
    Standalone,
    /// A process per service, with MariaDB or MySQL.
    Services,
}

/// Makes two tests of each story, `standalone::…` and `services::…`.
#[macro_export]
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod standalone {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::Shape::Standalone).await;
            })+
        }

        mod services {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::Shape::Services).await;
            })+
        }
    };
}
