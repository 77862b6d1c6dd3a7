//! The files of an album, one after the other.

use std::sync::Arc;

use futures_util::{
    Stream, TryStreamExt as _,
    stream::{self, BoxStream},
};
use http::HeaderMap;
use pupila_core::{ErrorCode, Page};
use pupila_proto::{
    accounts::v1::ListAlbumImagesRequest,
    images::v1::{Image, ReadContentRequest},
};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    download::{self, Pieces},
    problem::{Problem, from_rpc},
    routes::albums::images::list,
};

/// A file and its bytes.
pub(super) type Content = (Image, Pieces);

/// Where the files come from.
struct Source {
    gateway: Gateway,
    context: RequestContext,
    /// What the caller sent to tell who they are.
    headers: HeaderMap,
    album_id: String,
}

/// The files of an album, in its order. Each is asked for when the one before was taken.
pub(super) fn of_album(
    gateway: Gateway,
    context: RequestContext,
    headers: HeaderMap,
    album_id: String,
) -> BoxStream<'static, Result<Content, Problem>> {
    let source = Arc::new(Source {
        gateway,
        context,
        headers,
        album_id,
    });
    let images = images(Arc::clone(&source));
    let contents = images.try_filter_map(move |image| {
        let source = Arc::clone(&source);
        async move { source.open(image).await }
    });
    Box::pin(contents)
}

fn images(source: Arc<Source>) -> impl Stream<Item = Result<Image, Problem>> + Send {
    let first = Some(String::new());
    let pages = stream::try_unfold(first, move |token| {
        let source = Arc::clone(&source);
        async move {
            match token {
                Some(token) => source.page(token).await.map(Some),
                None => Ok(None),
            }
        }
    });
    pages
        .map_ok(|images| stream::iter(images.into_iter().map(Ok)))
        .try_flatten()
}

impl Source {
    /// A page of images, and the token of the next one; `None` where it is the last.
    async fn page(&self, page_token: String) -> Result<(Vec<Image>, Option<String>), Problem> {
        let request = ListAlbumImagesRequest {
            album_id: self.album_id.clone(),
            page_size: Page::MAX_SIZE,
            page_token,
            image_ids: Vec::new(),
        };
        let context = self.context().await?;
        let (images, next) = list::fetch(&self.gateway, &context, request).await?;
        let images = images.into_iter().map(|(_, image)| image).collect();
        Ok((images, Some(next).filter(|token| !token.is_empty())))
    }

    /// The bytes of an image; `None` where it is gone meanwhile.
    async fn open(&self, image: Image) -> Result<Option<Content>, Problem> {
        let request = ReadContentRequest {
            id: image.id,
            offset: 0,
            length: None,
        };
        let request = self.context().await?.stream(request);
        let answer = self.gateway.images.clone().read_content(request).await;
        match download::open(answer).await {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(from_rpc(error)),
        }
    }

    /// For the next call: a download may last longer than a token.
    async fn context(&self) -> Result<RequestContext, Problem> {
        let authenticator = &self.gateway.authenticator;
        authenticator.renewed(&self.context, &self.headers).await
    }
}
