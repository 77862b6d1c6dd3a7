//! `/v1/albums`: images put together, in order, and shared.

mod archive;
mod create;
mod delete;
mod get;
pub(super) mod images;
mod links;
mod list;
mod members;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::Gateway, problem::Problem};

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(create::create_album, list::list_albums))
        .routes(routes!(
            get::get_album,
            update::update_album,
            delete::delete_album
        ))
        .routes(routes!(
            images::list::list_album_images,
            images::add::add_album_images
        ))
        .routes(routes!(
            images::r#move::move_album_image,
            images::remove::remove_album_image
        ))
        .routes(routes!(archive::get_album_archive))
        .routes(routes!(
            members::list::list_album_members,
            members::add::add_album_member
        ))
        .routes(routes!(members::remove::remove_album_member))
        .routes(routes!(
            links::list::list_album_links,
            links::create::create_album_link
        ))
        .routes(routes!(links::delete::delete_album_link))
}

/// A problem with a part of an album: the album itself is `{id}` in the path.
fn under_path_names(problem: Problem) -> Problem {
    problem.rename_fields(|field| match field {
        "album_id" => "id".to_owned(),
        field => field.to_owned(),
    })
}
