//! The calls of the API, one file each.

mod health;
mod models;
mod predict;
mod predictions;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

/// Every call, with its description.
pub(crate) fn all() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(predict::predict))
        .routes(routes!(health::health))
        .merge(models::routes())
        .merge(predictions::routes())
}
