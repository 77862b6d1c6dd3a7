//! `/v1/images`: storing images, and getting them as they are or as they are wanted.

pub(crate) mod batch;
mod content;
mod create;
mod delete;
mod get;
mod list;
mod predictions;
pub(crate) mod rendition;
mod update;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        // Each file has its limit, and none is kept: together they may be of any size.
        .routes(routes!(create::create_images).layer(DefaultBodyLimit::disable()))
        .routes(routes!(list::list_images))
        .routes(routes!(
            get::get_image,
            update::update_image,
            delete::delete_image
        ))
        .routes(routes!(content::get_image_content))
        .routes(routes!(rendition::get_rendition))
        .routes(routes!(predictions::list_image_predictions))
}
