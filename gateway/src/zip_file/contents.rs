//! What goes into a ZIP file.

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use jiff::civil::DateTime;
use pupila_core::ErrorCode;
use pupila_proto::images::v1::{ReadContentRequest, image_service_client::ImageServiceClient};
use pupila_runtime::transport::Transport;

use crate::{
    app::Gateway,
    authentication::LastingContext,
    download,
    problem::{Problem, from_rpc},
};

/// What a service answers of an image whose bytes the object store has lost.
const BYTES_MISSING: &str = "IMAGE_BYTES_MISSING";

/// The bytes of a file, piece by piece.
pub(crate) type Contents = BoxStream<'static, Result<Bytes, Problem>>;

/// One file that was to be packed.
pub(crate) enum Packing {
    /// It is.
    Entry(Entry),
    /// It cannot be: what it was to be called, and why.
    Lost { name: String, reason: String },
}

/// A file.
pub(crate) struct Entry {
    /// Its name, like no other's in this ZIP file.
    pub(crate) name: String,
    /// When it was made.
    pub(crate) time: Option<DateTime>,
    /// Whether it becomes smaller: text does, images do not.
    pub(crate) compress: bool,
    /// Its bytes.
    pub(crate) contents: Contents,
}

/// Where images come from.
#[derive(Clone)]
pub(crate) struct Images {
    images: ImageServiceClient<Transport>,
    context: LastingContext,
}

impl Entry {
    /// A short text of ours.
    pub(crate) fn text(name: &str, text: impl Into<Bytes>) -> Self {
        let text = text.into();
        Self {
            name: name.to_owned(),
            time: None,
            compress: true,
            contents: stream::iter([Ok(text)]).boxed(),
        }
    }
}

impl Images {
    pub(crate) fn new(gateway: &Gateway, context: LastingContext) -> Self {
        Self {
            images: gateway.images.clone(),
            context,
        }
    }

    /// An image, under that name; `None` where it is gone.
    pub(crate) async fn pack(&self, id: String, name: String) -> Result<Option<Packing>, Problem> {
        let request = ReadContentRequest {
            id,
            offset: 0,
            length: None,
        };
        let request = self.context.get().await?.stream(request);
        let answer = self.images.clone().read_content(request).await;
        match download::open(answer).await {
            Ok((image, pieces)) => Ok(Some(Packing::Entry(Entry {
                name,
                time: super::name::time(&image),
                compress: false,
                contents: pieces.map_err(from_rpc).boxed(),
            }))),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) if error.reason == BYTES_MISSING => {
                let reason = error.message;
                Ok(Some(Packing::Lost { name, reason }))
            }
            Err(error) => Err(from_rpc(error)),
        }
    }
}
