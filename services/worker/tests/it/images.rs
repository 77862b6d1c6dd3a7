//! What a worker asks of images.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use pupila_core::{Clock as _, ErrorCode, ImageId};
use pupila_proto::images::v1::{
    BatchGetImagesRequest, BatchGetImagesResponse, CreateImageRequest, CreateImageResponse, Image,
    ReadContentRequest, ReadContentResponse, create_image_request, read_content_response,
};
use pupila_runtime::{
    grpc::RpcServices,
    identity,
    rpc::into_status,
    transport::{self, Transport},
};
use tokio::sync::Notify;
use tonic::{Request, Response, Status, Streaming, codegen::BoxStream};

use crate::{
    gate::Gate,
    keys::Keys,
    service::{Refusal, service},
};

const NOT_FOUND: Refusal = Refusal(ErrorCode::NotFound, "IMAGE_NOT_FOUND");
/// Bytes of one message.
const PIECE: usize = 1000;

/// Images, each with its bytes and, where it was made here, the key that it was made under.
#[derive(Clone)]
pub(crate) struct Images {
    keys: Keys,
    state: Arc<Mutex<State>>,
    /// Where an image is stored, and its caller not told yet.
    pub(crate) stored: Gate,
    /// Where an image was announced, and none of its bytes sent yet.
    pub(crate) announced: Gate,
    /// Rung when a reading begins or ends.
    changed: Arc<Notify>,
}

/// While an image is read.
struct Reading(Images);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.state().open -= 1;
        self.0.changed.notify_one();
    }
}

#[derive(Default)]
pub(crate) struct State {
    images: HashMap<String, (Image, Bytes)>,
    by_key: HashMap<String, String>,
    /// What every call is answered.
    pub(crate) refusal: Option<Refusal>,
    /// What a read image says of itself, whatever its bytes are.
    pub(crate) announced: Option<u64>,
    /// How many images were read.
    pub(crate) reads: usize,
    /// How many are being read.
    pub(crate) open: usize,
    /// How often a caller wanted to store something.
    pub(crate) stores: usize,
}

impl Images {
    pub(crate) fn new(keys: Keys) -> Self {
        Self {
            keys,
            state: Arc::default(),
            stored: Gate::default(),
            announced: Gate::default(),
            changed: Arc::default(),
        }
    }

    pub(crate) fn transport(&self) -> Transport {
        transport::in_process(self.services(), self.keys.guard())
    }

    pub(crate) fn services(&self) -> RpcServices {
        RpcServices::default().with(Service(self.clone()))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    /// Keeps an image, and answers its id.
    pub(crate) fn add(&self, name: &str, bytes: impl Into<Bytes>) -> String {
        let bytes = bytes.into();
        let image = Image {
            id: ImageId::new(self.keys.clock.now()).to_string(),
            name: name.to_owned(),
            size: bytes.len() as u64,
            ..Image::default()
        };
        let id = image.id.clone();
        self.state().images.insert(id.clone(), (image, bytes));
        id
    }

    /// Keeps other bytes under the id of an image.
    pub(crate) fn replace(&self, id: &str, bytes: Vec<u8>) {
        if let Some((image, content)) = self.state().images.get_mut(id) {
            image.size = bytes.len() as u64;
            *content = bytes.into();
        }
    }

    pub(crate) fn image(&self, id: &str) -> (Image, Bytes) {
        self.state().images[id].clone()
    }

    /// The image that was made under that key.
    pub(crate) fn made(&self, key: &str) -> Option<String> {
        self.state().by_key.get(key).cloned()
    }

    /// Waits until what is asked and read is as the story wants it.
    pub(crate) async fn until(&self, wanted: impl Fn(&State) -> bool) {
        while !wanted(&self.state()) {
            self.changed.notified().await;
        }
    }

    fn refused(&self) -> Result<MutexGuard<'_, State>, Status> {
        let state = self.state();
        match state.refusal {
            Some(refusal) => Err(into_status(refusal)),
            None => Ok(state),
        }
    }

    async fn read_content(
        self,
        request: Request<ReadContentRequest>,
    ) -> Result<Response<BoxStream<ReadContentResponse>>, Status> {
        identity::user(request.extensions())?;
        let mut state = self.refused()?;
        state.reads += 1;
        let found = state.images.get(&request.into_inner().id).cloned();
        let (mut image, bytes) = found.ok_or_else(|| into_status(NOT_FOUND))?;
        image.size = state.announced.unwrap_or(image.size);
        let header = read_content_response::Part::Header(image);
        let chunks: Vec<_> = bytes
            .chunks(PIECE)
            .map(|piece| read_content_response::Part::Chunk(Bytes::copy_from_slice(piece)))
            .collect();
        state.open += 1;
        drop(state);
        let announced = self.announced.clone();
        self.changed.notify_one();
        let reading = Reading(self);
        let chunks = async move {
            announced.pass().await;
            stream::iter(chunks)
        };
        let parts = stream::iter([header]).chain(chunks.flatten_stream());
        let parts = parts.map(move |part| {
            let _open = &reading;
            Ok(ReadContentResponse { part: Some(part) })
        });
        Ok(Response::new(parts.boxed()))
    }

    async fn batch_get_images(
        self,
        request: Request<BatchGetImagesRequest>,
    ) -> Result<Response<BatchGetImagesResponse>, Status> {
        let state = self.refused()?;
        let ids = request.into_inner().ids.into_iter();
        let images = ids.filter_map(|id| state.images.get(&id).map(|(image, _)| image.clone()));
        Ok(Response::new(BatchGetImagesResponse {
            images: images.collect(),
        }))
    }

    async fn create_image(
        self,
        request: Request<Streaming<CreateImageRequest>>,
    ) -> Result<Response<CreateImageResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let parts: Vec<_> = request.into_inner().try_collect().await?;
        let mut parts = parts.into_iter().filter_map(|message| message.part);
        let Some(create_image_request::Part::Header(header)) = parts.next() else {
            panic!("no header")
        };
        let bytes: Vec<u8> = parts
            .flat_map(|part| match part {
                create_image_request::Part::Chunk(chunk) => chunk.to_vec(),
                create_image_request::Part::Header(_) => panic!("two headers"),
            })
            .collect();
        self.refused()?.stores += 1;
        let known = self.made(&header.idempotency_key);
        let id = known.unwrap_or_else(|| {
            let id = self.add(&header.name, bytes.clone());
            self.state()
                .by_key
                .insert(header.idempotency_key, id.clone());
            id
        });
        let (mut image, stored) = self.image(&id);
        assert_eq!(stored, bytes, "a key is used for one content only");
        image.owner = owner.to_string();
        self.stored.pass().await;
        Ok(Response::new(CreateImageResponse { image: Some(image) }))
    }
}

service!(
    Service(Images),
    "pupila.images.v1.ImageService",
    "ReadContent" => download read_content,
    "BatchGetImages" => unary batch_get_images,
    "CreateImage" => upload create_image,
);
