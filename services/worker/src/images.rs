//! Images of the owners of tasks: read, and stored.

mod download;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use pupila_core::{ErrorCode, ImageId};
use pupila_proto::images::v1::{
    BatchGetImagesRequest, CreateImageRequest, Image, ImageHeader, ReadContentRequest,
    ReadContentResponse, create_image_request, image_service_client::ImageServiceClient,
};
use pupila_runtime::{context::RequestContext, rpc::RpcError, transport::Transport};

pub(crate) use self::download::Download;
use crate::{
    Outcome, Service,
    budget::{Budget, Share},
};

/// Bytes of one message of an upload.
const PIECE: usize = 256 << 10;
/// Images that are asked for at once, the most that images takes.
const MAX_BATCH: usize = 200;

/// Reads and stores images. Its clones share one budget.
#[derive(Debug, Clone)]
pub(crate) struct Images {
    client: ImageServiceClient<Transport>,
    budget: Budget,
    max_bytes: u64,
    timeout: Duration,
}

/// A stored image with its bytes.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    pub(crate) image: Image,
}

/// A stored image whose bytes are on their way.
#[derive(Debug)]
pub(crate) struct Opened(Download<ReadContentResponse>);

impl Images {
    /// Those behind `images`. Files over `max_bytes` are refused; any call that stands still for `timeout` is given up.
    pub(crate) fn new(
        images: Transport,
        budget: Budget,
        max_bytes: u64,
        timeout: Duration,
    ) -> Self {
        Self {
            client: ImageServiceClient::new(images),
            budget,
            max_bytes,
            timeout,
        }
    }

    /// How many bytes the files of those images have together.
    ///
    /// # Errors
    /// What images answers, one that the caller may not see, or files that together are larger than one may be.
    pub(crate) async fn sizes(
        &self,
        context: &RequestContext,
        ids: &[ImageId],
    ) -> Result<u64, Outcome> {
        let mut sum = 0_u64;
        for ids in ids.chunks(MAX_BATCH) {
            let request = BatchGetImagesRequest {
                ids: ids.iter().map(ImageId::to_string).collect(),
                filter: None,
            };
            let call = context.call(request, self.timeout);
            let answer = self.client.clone().batch_get_images(call).await;
            let answer = answer.map_err(refused)?.into_inner();
            for id in ids {
                let id = id.to_string();
                let image = answer.images.iter().find(|image| image.id == id);
                let size = image.ok_or_else(|| not_found(&id))?.size;
                sum = sum.saturating_add(size);
            }
        }
        let what = "the images that are laid over this one are together";
        self.check(what, sum)?;
        Ok(sum)
    }

    /// The file of an image that the caller may see: what it is, and its bytes once they are [collected](Opened::collect). To be
    /// dropped where that has to wait: what is not read keeps others from what shares a connection with it.
    ///
    /// # Errors
    /// What images answers, or a file that is too large.
    pub(crate) async fn open(&self, context: &RequestContext, id: &str) -> Result<Opened, Outcome> {
        let request = ReadContentRequest {
            id: id.to_owned(),
            offset: 0,
            length: None,
        };
        let mut client = self.client.clone();
        let call = client.read_content(context.stream(request));
        let download = Download::begin(call, self.timeout).await;
        let download = download.map_err(refused)?;
        self.check("the image is", download.header.size)?;
        Ok(Opened(download))
    }

    /// Room for as many bytes, if there is now.
    pub(crate) fn room_now(&self, bytes: u64) -> Option<Share> {
        self.budget.try_take(bytes)
    }

    /// Room for as many bytes, as soon as there is. Whoever has some asks for no more before it is given back.
    pub(crate) async fn room(&self, bytes: u64) -> Share {
        self.budget.take(bytes).await
    }

    /// Whether a file that was made may be stored.
    ///
    /// # Errors
    /// It is too large.
    pub(crate) fn check_made(&self, size: usize) -> Result<(), Outcome> {
        self.check("the image is", u64::try_from(size).unwrap_or(u64::MAX))
    }

    /// Most bytes of a file.
    pub(crate) fn most(&self) -> u64 {
        self.max_bytes
    }

    fn check(&self, what: &str, size: u64) -> Result<(), Outcome> {
        if size <= self.max_bytes {
            return Ok(());
        }
        let detail = format!("{what} larger than {} bytes", self.max_bytes);
        Err(Outcome::refused_after(
            Service::Images,
            ErrorCode::TooLarge,
            "TOO_LARGE",
            detail,
        ))
    }

    /// Stores an image for the caller.
    ///
    /// # Errors
    /// What images answers.
    pub(crate) async fn store(
        &self,
        context: &RequestContext,
        header: ImageHeader,
        mut bytes: Bytes,
    ) -> Result<Image, Outcome> {
        let header = create_image_request::Part::Header(header);
        let chunks = std::iter::from_fn(move || {
            let piece = bytes.split_to(bytes.len().min(PIECE));
            (!piece.is_empty()).then_some(create_image_request::Part::Chunk(piece))
        });
        let messages = std::iter::once(header).chain(chunks);
        let messages = messages.map(|part| CreateImageRequest { part: Some(part) });
        let request = context.call(stream::iter(messages), self.timeout);
        let answer = self.client.clone().create_image(request).await;
        let answer = answer.map_err(refused)?.into_inner();
        Ok(answer.image.unwrap_or_default())
    }
}

impl Opened {
    /// How many bytes it has.
    pub(crate) fn size(&self) -> u64 {
        self.0.header.size
    }

    /// The same, where it has no more than `size` bytes.
    ///
    /// # Errors
    /// It has, though it was announced with so many.
    pub(crate) fn within(self, size: u64) -> Result<Self, Outcome> {
        if self.size() > size {
            return Err(refused(download::incomplete::<ReadContentResponse>()));
        }
        Ok(self)
    }

    /// Its bytes. Whoever asks for them holds a share for them.
    ///
    /// # Errors
    /// What images answers, or other bytes than it announced.
    pub(crate) async fn collect(self) -> Result<Content, Outcome> {
        let Self(mut download) = self;
        let mut bytes = BytesMut::with_capacity(usize::try_from(download.header.size).unwrap_or(0));
        while let Some(chunk) = download.next().await.map_err(refused)? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(Content {
            bytes: bytes.freeze(),
            image: download.header,
        })
    }
}

fn refused(error: impl Into<RpcError>) -> Outcome {
    Outcome::from_service(Service::Images, error.into())
}

fn not_found(id: &str) -> Outcome {
    let detail = format!("image `{id}` does not exist");
    Outcome::refused_after(
        Service::Images,
        ErrorCode::NotFound,
        "IMAGE_NOT_FOUND",
        detail,
    )
}
