//! Images that another service names, of which those are shown that pass the rest of the filter.

use std::collections::HashSet;

use pupila_core::Page;
use pupila_proto::{accounts::v1::ListAlbumImagesRequest, history::v1::ListLabelledImagesRequest};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    problem::{Problem, message},
};

/// A page of images that may be meant, in the order of the list.
pub(super) struct Candidates {
    pub(super) ids: Vec<String>,
    pub(super) next_page_token: String,
}

/// The images of an album, in its order.
pub(super) async fn of_album(
    gateway: &Gateway,
    context: &RequestContext,
    album_id: String,
    (page_size, page_token): (u32, String),
) -> Result<Candidates, Problem> {
    let request = ListAlbumImagesRequest {
        album_id,
        page_size,
        page_token,
        image_ids: Vec::new(),
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.albums.clone().list_album_images(request).await)?;
    Ok(Candidates {
        ids: page
            .images
            .into_iter()
            .map(|image| image.image_id)
            .collect(),
        next_page_token: page.next_page_token,
    })
}

/// The images with a label, by the newest prediction.
pub(super) async fn labelled(
    gateway: &Gateway,
    context: &RequestContext,
    label: String,
    (page_size, page_token): (u32, String),
) -> Result<Candidates, Problem> {
    let request = ListLabelledImagesRequest {
        label,
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.history.clone().list_labelled_images(request).await)?;
    Ok(Candidates {
        ids: page.image_ids,
        next_page_token: page.next_page_token,
    })
}

impl Candidates {
    /// Those of them that are in the album, in the same order.
    pub(super) async fn within(
        self,
        gateway: &Gateway,
        context: &RequestContext,
        album_id: String,
    ) -> Result<Self, Problem> {
        // Also asked where there are none: it tells whether the caller may see the album.
        let request = ListAlbumImagesRequest {
            album_id,
            page_size: Page::MAX_SIZE,
            page_token: String::new(),
            image_ids: self.ids.clone(),
        };
        let request = context.call(request, gateway.call_timeout);
        let page = message(gateway.albums.clone().list_album_images(request).await)?;
        let inside: HashSet<_> = page
            .images
            .into_iter()
            .map(|image| image.image_id)
            .collect();
        Ok(Self {
            ids: self
                .ids
                .into_iter()
                .filter(|id| inside.contains(id))
                .collect(),
            ..self
        })
    }
}
