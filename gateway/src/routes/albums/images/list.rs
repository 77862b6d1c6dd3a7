//! `GET /v1/albums/{id}/images`

use std::collections::HashMap;

use axum::extract::State;
use pupila_proto::{
    accounts::v1::{self as accounts, ListAlbumImagesRequest},
    images::v1::{self as proto, ImageFilter},
};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    dto::{
        album::AlbumImage,
        page::{Listing, PageQuery},
        time,
    },
    extract::{Caller, Json, List, Path, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::{albums::under_path_names, images::batch},
};

/// The images of an album, in its order
///
/// Those that the caller may not see, or that are on their way out, are left out: a page may be short before the last.
#[utoipa::path(
    get, path = "/v1/albums/{id}/images", tag = "albums", operation_id = "list_album_images",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id"), PageQuery),
    responses((status = 200, description = "A page of images", body = Listing<AlbumImage>), Problems, NotFound),
)]
pub(crate) async fn list_album_images(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(album_id): Path<String>,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<AlbumImage>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListAlbumImagesRequest {
        album_id,
        page_size,
        page_token,
        image_ids: Vec::new(),
    };
    let (images, next_page_token) = fetch(&gateway, &context, request).await?;
    Ok(Json(Listing::new(images, next_page_token, &list)))
}

/// A page of an album's images that the caller may see, each with its place.
pub(in crate::routes) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    request: ListAlbumImagesRequest,
) -> Result<(Vec<(accounts::AlbumImage, proto::Image)>, String), Problem> {
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.albums.clone().list_album_images(request).await);
    let page = page.map_err(under_path_names)?;
    let places = page.images;
    let ids = places.iter().map(|place| place.image_id.clone()).collect();
    let images = batch::fetch(gateway, context, ids, ImageFilter::default()).await?;
    let images = images.into_iter().map(|image| (image.id.clone(), image));
    let mut images: HashMap<_, _> = images.collect();
    let seen = places.into_iter().filter_map(|place| {
        let image = images.remove(&place.image_id)?;
        Some((place, image))
    });
    Ok((seen.collect(), page.next_page_token))
}

impl From<(accounts::AlbumImage, proto::Image)> for AlbumImage {
    fn from((place, image): (accounts::AlbumImage, proto::Image)) -> Self {
        Self {
            image: image.into(),
            added_by: place.added_by,
            add_time: time::required(place.add_time),
        }
    }
}
