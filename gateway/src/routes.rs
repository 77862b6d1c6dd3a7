//! The calls of the API, one file each.

mod admin;
mod albums;
mod auth;
mod health;
mod images;
mod jobs;
mod links;
mod me;
mod models;
mod notifications;
mod operations;
mod predict;
mod predictions;
mod unsubscribe;
mod well_known;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

/// Every call, with its description.
pub(crate) fn all() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(predict::predict))
        .routes(routes!(health::health))
        .routes(routes!(well_known::list_keys))
        .merge(auth::routes())
        .routes(routes!(links::open_link))
        .merge(me::routes())
        .merge(images::routes())
        .merge(albums::routes())
        .merge(models::routes())
        .merge(predictions::routes())
        .routes(routes!(operations::list_operations))
        .merge(jobs::routes())
        .merge(notifications::routes())
        .merge(unsubscribe::routes())
        .merge(admin::routes())
}
