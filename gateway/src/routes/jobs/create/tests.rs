mod forms;
mod stored;

use std::sync::{Arc, Mutex};

use futures_util::{StreamExt as _, stream, stream::BoxStream};
use pupila_core::{ErrorCode, Fault, FieldViolation};
use pupila_proto::{
    accounts::v1 as accounts,
    history::v1::{CreateJobRequest, CreateJobResponse, Job},
    images::v1::{
        self as images, CreateArchiveRequest, CreateArchiveResponse, CreateImageRequest,
        CreateImageResponse, create_archive_request, create_image_request,
    },
    inference::v1::{ResolveModelRequest, ResolveModelResponse},
};
use pupila_runtime::rpc::into_status;
use tonic::Status;
use uuid::Uuid;

use crate::test_app::Script;

const JOBS: &str = "/v1/jobs";

/// What the services were asked for.
#[derive(Clone, Default)]
struct Asked {
    jobs: Arc<Mutex<Vec<CreateJobRequest>>>,
    /// Idempotency keys of images.
    keys: Arc<Mutex<Vec<String>>>,
    deleted: Arc<Mutex<Vec<String>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("{1}")]
struct Refused(ErrorCode, &'static str);

impl Fault for Refused {
    fn code(&self) -> ErrorCode {
        self.0
    }
    fn reason(&self) -> &'static str {
        self.1
    }
}

/// More items than history lets a job have.
#[derive(Debug, thiserror::Error)]
#[error("too many")]
struct TooMany(FieldViolation);

impl Fault for TooMany {
    fn code(&self) -> ErrorCode {
        ErrorCode::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        "INVALID_ARGUMENT"
    }

    fn violations(&self) -> Vec<FieldViolation> {
        vec![self.0.clone()]
    }
}

fn refused(code: ErrorCode, reason: &'static str) -> Status {
    into_status(Refused(code, reason))
}

/// Services that know one model, the images whose ids are below 20,000, an album of two of them, and that every file is an
/// image that does not begin with `bad`.
fn services(asked: &Asked) -> Script {
    let Asked {
        jobs,
        keys,
        deleted,
    } = asked.clone();
    Script::default()
        .answer(
            "/pupila.history.v1.JobService/CreateJob",
            move |request: CreateJobRequest| {
                let name = request.name.clone();
                let mut archive_id = request.archive_id.clone();
                jobs.lock().expect("jobs").push(request);
                if name == "again" {
                    archive_id = "first.zip".to_owned();
                }
                if name == "too much" {
                    return Err(refused(ErrorCode::ResourceExhausted, "QUEUE_FULL"));
                }
                if name == "too many" {
                    return Err(into_status(TooMany(FieldViolation::new(
                        "items",
                        "must be few",
                    ))));
                }
                let id = "job-1".to_owned();
                let job = Job {
                    id,
                    name,
                    archive_id,
                    ..Job::default()
                };
                Ok(CreateJobResponse { job: Some(job) })
            },
        )
        .answer(
            "/pupila.inference.v1.InferenceService/ResolveModel",
            |request: ResolveModelRequest| match request.model.as_str() {
                "pneumonia" => Ok(ResolveModelResponse {
                    model: request.model,
                    version: request.version.unwrap_or(7),
                    ..ResolveModelResponse::default()
                }),
                _ => Err(refused(ErrorCode::NotFound, "MODEL_NOT_FOUND")),
            },
        )
        .answer(
            "/pupila.images.v1.ImageService/BatchGetImages",
            |request: images::BatchGetImagesRequest| {
                let known = request
                    .ids
                    .into_iter()
                    .filter(|id| id.parse::<Uuid>().is_ok_and(|id| id.as_u128() < 20_000));
                let images = known.map(|id| images::Image {
                    name: format!("{}.png", &id[32..]),
                    id,
                    ..images::Image::default()
                });
                Ok(images::BatchGetImagesResponse {
                    images: images.collect(),
                })
            },
        )
        .answer(
            "/pupila.accounts.v1.AlbumService/ListAlbumImages",
            |request: accounts::ListAlbumImagesRequest| {
                let ids: &[u128] = match request.album_id.as_bytes().last() {
                    Some(b'1') => &[1, 2],
                    _ => &[],
                };
                let images = ids.iter().map(|id| accounts::AlbumImage {
                    image_id: Uuid::from_u128(*id).to_string(),
                    ..accounts::AlbumImage::default()
                });
                Ok(accounts::ListAlbumImagesResponse {
                    images: images.collect(),
                    ..accounts::ListAlbumImagesResponse::default()
                })
            },
        )
        .upload(
            "/pupila.images.v1.ImageService/CreateImage",
            move |messages| once(create_image(messages, &keys)),
        )
        .upload(
            "/pupila.images.v1.ArchiveService/CreateArchive",
            |messages| once(create_archive(messages)),
        )
        .answer(
            "/pupila.images.v1.ArchiveService/DeleteArchive",
            move |request: images::DeleteArchiveRequest| {
                deleted.lock().expect("archives").push(request.id);
                Ok(images::DeleteArchiveResponse {})
            },
        )
}

fn once<A: Send + 'static>(answer: Result<A, Status>) -> BoxStream<'static, Result<A, Status>> {
    stream::iter([answer]).boxed()
}

fn create_image(
    messages: Vec<CreateImageRequest>,
    keys: &Mutex<Vec<String>>,
) -> Result<CreateImageResponse, Status> {
    let mut id = String::new();
    for message in messages {
        match message.part.expect("a part") {
            create_image_request::Part::Header(header) => {
                id = header.name;
                keys.lock().expect("keys").push(header.idempotency_key);
            }
            create_image_request::Part::Chunk(bytes) if bytes.starts_with(b"bad") => {
                return Err(refused(ErrorCode::Unprocessable, "IMAGE_UNREADABLE"));
            }
            create_image_request::Part::Chunk(bytes) if bytes.starts_with(b"busy") => {
                return Err(refused(ErrorCode::ResourceExhausted, "QUEUE_FULL"));
            }
            create_image_request::Part::Chunk(_) => {}
        }
    }
    let image = images::Image {
        id,
        ..images::Image::default()
    };
    Ok(CreateImageResponse { image: Some(image) })
}

fn create_archive(messages: Vec<CreateArchiveRequest>) -> Result<CreateArchiveResponse, Status> {
    let mut archive = images::Archive::default();
    for message in messages {
        match message.part.expect("a part") {
            create_archive_request::Part::Header(header) => archive.id = header.name,
            create_archive_request::Part::Chunk(bytes) => archive.size += bytes.len() as u64,
        }
    }
    Ok(CreateArchiveResponse {
        archive: Some(archive),
    })
}

impl Asked {
    fn only_job(&self) -> CreateJobRequest {
        let jobs = self.jobs.lock().expect("jobs");
        assert_eq!(jobs.len(), 1);
        jobs[0].clone()
    }

    fn nothing(&self) -> bool {
        self.jobs.lock().expect("jobs").is_empty()
    }
}
