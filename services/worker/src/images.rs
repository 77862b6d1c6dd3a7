//! Images of the owners of tasks: read, and stored.

use std::{future::Future, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use pupila_core::{ErrorCode, ImageId};
use pupila_proto::images::v1::{
    BatchGetImagesRequest, CreateImageRequest, Image, ImageHeader, ReadContentRequest,
    ReadContentResponse, create_image_request, image_service_client::ImageServiceClient,
    read_content_response::Part,
};
use pupila_runtime::{context::RequestContext, transport::Transport};
use tonic::{Status, Streaming};

use crate::{
    Outcome,
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
pub(crate) struct Opened {
    pub(crate) image: Image,
    pieces: Streaming<ReadContentResponse>,
}

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

    /// The file of an image that the caller may see: what it is, and its bytes once they are [collected](Self::collect).
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
        let answer = client.read_content(context.stream(request));
        let mut pieces = self.in_time(answer).await?.into_inner();
        let first = self.in_time(pieces.message()).await?;
        let Some(Part::Header(image)) = first.and_then(|first| first.part) else {
            return Err(broken());
        };
        self.check("the image is", image.size)?;
        Ok(Opened { image, pieces })
    }

    /// Its bytes. Whoever asks for them holds a share for them.
    ///
    /// # Errors
    /// What images answers, or other bytes than it announced.
    pub(crate) async fn collect(&self, opened: Opened) -> Result<Content, Outcome> {
        let Opened { image, mut pieces } = opened;
        let size = usize::try_from(image.size).map_err(|_| broken())?;
        let mut bytes = BytesMut::with_capacity(size);
        while let Some(piece) = self.in_time(pieces.message()).await? {
            match piece.part {
                Some(Part::Chunk(chunk)) if chunk.len() <= size - bytes.len() => {
                    bytes.extend_from_slice(&chunk)
                }
                _ => return Err(broken()),
            }
        }
        if bytes.len() < size {
            return Err(broken());
        }
        Ok(Content {
            bytes: bytes.freeze(),
            image,
        })
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
        Err(Outcome::refused(ErrorCode::TooLarge, "TOO_LARGE", detail))
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

    /// What images answers, unless it takes too long.
    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, Status>>,
    ) -> Result<T, Outcome> {
        let answer = tokio::time::timeout(self.timeout, answer).await;
        let answer =
            answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("images stands still")));
        answer.map_err(refused)
    }
}

fn refused(status: Status) -> Outcome {
    Outcome::from_service("images", status.into())
}

fn not_found(id: &str) -> Outcome {
    let detail = format!("image `{id}` does not exist");
    Outcome::refused(ErrorCode::NotFound, "IMAGE_NOT_FOUND", detail)
}

/// images said something else than it promised.
fn broken() -> Outcome {
    let detail = "the image did not come as it was announced";
    Outcome::stumbled(ErrorCode::Internal, "IMAGE_INCOMPLETE", detail)
}
