//! `/v1/models`: what can be asked, and loading it.

mod get;
mod list;
mod load;
mod unload;
mod version;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(list::list_models))
        .routes(routes!(get::get_model))
        .routes(routes!(version::get_model_version))
        .routes(routes!(load::load_model))
        .routes(routes!(unload::unload_model))
}
