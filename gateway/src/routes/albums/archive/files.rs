//! The files of an album, one after the other.

use std::sync::Arc;

use futures_util::{
    Stream, StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_core::Page;
use pupila_proto::{accounts::v1::ListAlbumImagesRequest, images::v1::Image};

use crate::{
    app::Gateway,
    authentication::LastingContext,
    problem::Problem,
    routes::albums::images::list,
    zip_file::{self, Images, Packing},
};

/// Where the files come from.
struct Album {
    gateway: Gateway,
    context: LastingContext,
    id: String,
}

/// The files of an album, in its order. Each is asked for when the one before was taken.
pub(super) fn of_album(
    gateway: Gateway,
    context: LastingContext,
    id: String,
) -> BoxStream<'static, Result<Packing, Problem>> {
    let images = Images::new(&gateway, context.clone());
    let album = Album {
        gateway,
        context,
        id,
    };
    let numbered = listed(Arc::new(album)).scan(0, |number, image| {
        *number += 1;
        std::future::ready(Some(image.map(|image| (*number, image))))
    });
    let files = numbered.try_filter_map(move |(number, image)| {
        let images = images.clone();
        let name = zip_file::in_order(number, &image);
        async move { images.pack(image.id, name).await }
    });
    files.boxed()
}

fn listed(album: Arc<Album>) -> impl Stream<Item = Result<Image, Problem>> + Send {
    let first = Some(String::new());
    let pages = stream::try_unfold(first, move |token| {
        let album = Arc::clone(&album);
        async move {
            match token {
                Some(token) => album.page(token).await.map(Some),
                None => Ok(None),
            }
        }
    });
    pages
        .map_ok(|images| stream::iter(images.into_iter().map(Ok)))
        .try_flatten()
}

impl Album {
    /// A page of images, and the token of the next one; `None` where it is the last.
    async fn page(&self, page_token: String) -> Result<(Vec<Image>, Option<String>), Problem> {
        let request = ListAlbumImagesRequest {
            album_id: self.id.clone(),
            page_size: Page::MAX_SIZE,
            page_token,
            image_ids: Vec::new(),
        };
        let context = self.context.get().await?;
        let (images, next) = list::fetch(&self.gateway, &context, request).await?;
        let images = images.into_iter().map(|(_, image)| image).collect();
        Ok((images, Some(next).filter(|token| !token.is_empty())))
    }
}
