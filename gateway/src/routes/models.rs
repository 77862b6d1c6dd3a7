//! `/v1/models`: what can be asked, and loading it.

mod act;
mod get;
mod list;
mod version;

use axum::routing::post;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::Gateway, openapi};

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    let router = OpenApiRouter::new()
        .routes(routes!(list::list_models))
        .routes(routes!(get::get_model))
        .routes(routes!(version::get_model_version))
        .route("/v1/models/{name}", post(act::act));
    // `{name}:load` is one segment, which the router cannot match in parts.
    let router = openapi::describe::<act::LoadModelPath, _>(router, "models");
    openapi::describe::<act::UnloadModelPath, _>(router, "models")
}
