//! An image in memory, on its way to a model.

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use pupila_analysis::Question;
use pupila_proto::images::v1::ReadContentRequest;
use pupila_runtime::context::RequestContext;

use crate::{
    analysis::Options,
    app::Gateway,
    download,
    error::RequestError,
    problem::{Problem, from_rpc},
    refusal::Refusal,
    upload::{FormField, Share, UploadBudget},
};

/// An image in memory. Holds its share of the budget until it is dropped.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The name of the file; may be empty.
    pub(crate) filename: String,
    /// The encoded image; never empty.
    pub(crate) bytes: Bytes,
    /// The stored image that the bytes are of, UUID in text form; empty where they were only sent along.
    pub(crate) image_id: String,
    _share: Share,
}

impl Picture {
    /// One that came in a form.
    pub(crate) async fn sent(
        file: &mut FormField<'_>,
        budget: &UploadBudget,
    ) -> Result<Self, RequestError> {
        let (bytes, share) = budget.read(file).await?;
        Ok(Self {
            filename: file.filename(),
            bytes,
            image_id: String::new(),
            _share: share,
        })
    }

    /// A stored one that the caller may see.
    pub(crate) async fn stored(
        gateway: &Gateway,
        context: &RequestContext,
        image_id: String,
    ) -> Result<Self, Problem> {
        let request = ReadContentRequest {
            id: image_id,
            offset: 0,
            length: None,
        };
        let request = context.stream(request);
        let answer = gateway.images.clone().read_content(request).await;
        let (image, mut pieces) = download::open(answer).await.map_err(from_rpc)?;
        let limit = gateway.uploads.max_file_bytes();
        let size = usize::try_from(image.size).unwrap_or(usize::MAX);
        if size > limit {
            return Err(Refusal::StoredTooLarge { limit }.into());
        }
        let mut share = Share::default();
        gateway.uploads.extend(&mut share, size)?;
        let mut bytes = BytesMut::with_capacity(size);
        while let Some(piece) = pieces.try_next().await.map_err(from_rpc)? {
            bytes.extend_from_slice(&piece);
        }
        Ok(Self {
            filename: image.name,
            bytes: bytes.freeze(),
            image_id: image.id,
            _share: share,
        })
    }
    /// The question that every entrance asks about it.
    pub(crate) fn question(&self, options: Options) -> Question {
        Question {
            filename: self.filename.clone(),
            image: self.bytes.clone(),
            image_id: self.image_id.clone(),
            model: options.model,
            version: options.version,
            parameters: options.parameters,
            ..Question::default()
        }
    }
}
