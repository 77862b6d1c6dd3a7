//! What unpacking asks of the other services: one place that answers as a story wants it. The whole of them is asked in
//! the end-to-end tests.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use pupila_core::{ErrorCode, Fault};
use pupila_proto::{
    accounts::v1 as accounts,
    history::v1::{
        self as history,
        task_service_server::{TaskService, TaskServiceServer},
    },
    images::v1::{
        self as images,
        archive_service_server::{ArchiveService, ArchiveServiceServer},
        create_image_request, read_archive_response,
    },
};
use pupila_runtime::{rpc::into_status, transport::Transport};
use tokio::sync::Notify;
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    codegen::{BoxStream, http},
    server::Grpc,
};
use tonic_prost::ProstCodec;
use tower::{ServiceExt as _, service_fn};

/// The services; clones are the same.
#[derive(Clone, Default)]
pub(super) struct Services {
    state: Arc<Mutex<State>>,
    /// Rung when items are added.
    pub(super) added: Arc<Notify>,
}

/// What they were told, and what they answer.
#[derive(Default)]
pub(super) struct State {
    /// The archive that images keeps.
    pub(super) archive: Option<Vec<u8>>,
    /// Bytes of it that never come.
    pub(super) missing: usize,
    /// What was stored: name, idempotency key and bytes. The place is the image's id.
    pub(super) images: Vec<(String, String, Vec<u8>)>,
    /// What images answers instead for a file of that name.
    pub(super) refusals: HashMap<&'static str, Refusal>,
    /// Files that images refused.
    pub(super) refused: Vec<String>,
    /// What history was told.
    pub(super) added: Vec<history::AddItemsRequest>,
    /// What history answers.
    pub(super) history: Option<Refusal>,
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("refused")]
pub(super) struct Refusal(pub(super) ErrorCode, pub(super) &'static str);

/// That images never answers.
pub(super) const SILENCE: Refusal = Refusal(ErrorCode::DeadlineExceeded, "SILENCE");

impl Fault for Refusal {
    fn code(&self) -> ErrorCode {
        self.0
    }

    fn reason(&self) -> &'static str {
        self.1
    }
}

impl Services {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    /// All items in the order of their positions, and how large the groups were in which they came.
    pub(super) fn items(&self) -> (Vec<history::NewItem>, Vec<usize>) {
        let (mut items, mut groups) = (Vec::new(), Vec::new());
        let first = self
            .state()
            .added
            .first()
            .map_or(0, |group| group.first_position);
        for group in &self.state().added {
            assert_eq!(group.first_position as usize, first as usize + items.len());
            assert_eq!(group.task.as_ref().expect("a task").lease, "lease");
            groups.push(group.items.len());
            items.extend(group.items.iter().cloned());
        }
        (items, groups)
    }

    pub(super) fn transport(&self) -> Transport {
        let services = self.clone();
        Transport::new(service_fn(move |request| services.clone().answer(request)))
    }

    async fn answer(self, request: http::Request<Body>) -> Result<http::Response<Body>, Status> {
        let answer = match request.uri().path() {
            "/pupila.accounts.v1.AuthService/SignInService" => {
                let method = service_fn(|_: Request<accounts::SignInServiceRequest>| async {
                    let access = Some(token());
                    Ok(Response::new(accounts::SignInServiceResponse { access }))
                });
                Grpc::new(ProstCodec::default())
                    .unary(method, request)
                    .await
            }
            "/pupila.accounts.v1.AuthService/ActForUser" => {
                let method = service_fn(|_: Request<accounts::ActForUserRequest>| async {
                    let access = Some(token());
                    Ok(Response::new(accounts::ActForUserResponse { access }))
                });
                Grpc::new(ProstCodec::default())
                    .unary(method, request)
                    .await
            }
            "/pupila.images.v1.ImageService/CreateImage" => {
                let method = service_fn(move |request: Request<Streaming<_>>| {
                    self.clone().create_image(request.into_inner())
                });
                let codec = ProstCodec::default();
                Grpc::new(codec).client_streaming(method, request).await
            }
            path if path.contains("ArchiveService") => {
                let server = ArchiveServiceServer::new(self);
                server.oneshot(request).await.expect("infallible")
            }
            _ => {
                let server = TaskServiceServer::new(self);
                server.oneshot(request).await.expect("infallible")
            }
        };
        Ok(answer)
    }

    async fn create_image(
        self,
        mut parts: Streaming<images::CreateImageRequest>,
    ) -> Result<Response<images::CreateImageResponse>, Status> {
        let (mut header, mut bytes) = (None, Vec::new());
        while let Some(message) = parts.try_next().await? {
            match message.part.expect("a part") {
                create_image_request::Part::Header(first) => header = Some(first),
                create_image_request::Part::Chunk(chunk) => bytes.extend(chunk),
            }
        }
        let header = header.expect("a header");
        let refusal = self.state().refusals.get(header.name.as_str()).copied();
        match refusal {
            Some(Refusal(ErrorCode::DeadlineExceeded, _)) => std::future::pending().await,
            Some(refusal) => {
                self.state().refused.push(header.name);
                return Err(into_status(refusal));
            }
            None => {}
        }
        let mut state = self.state();
        let known = state
            .images
            .iter()
            .position(|(_, key, _)| *key == header.idempotency_key);
        let id = known.unwrap_or_else(|| {
            state
                .images
                .push((header.name, header.idempotency_key, bytes));
            state.images.len() - 1
        });
        let image = Some(images::Image {
            id: id.to_string(),
            ..images::Image::default()
        });
        Ok(Response::new(images::CreateImageResponse { image }))
    }
}

fn token() -> accounts::AccessToken {
    let end = Timestamp::now() + SignedDuration::from_hours(1);
    accounts::AccessToken {
        token: "token".to_owned(),
        expire_time: Some(prost_types::Timestamp {
            seconds: end.as_second(),
            nanos: 0,
        }),
    }
}

#[tonic::async_trait]
impl ArchiveService for Services {
    type ReadArchiveStream = BoxStream<images::ReadArchiveResponse>;

    async fn create_archive(
        &self,
        _: Request<Streaming<images::CreateArchiveRequest>>,
    ) -> Result<Response<images::CreateArchiveResponse>, Status> {
        unreachable!("a worker makes no archives")
    }

    async fn read_archive(
        &self,
        _: Request<images::ReadArchiveRequest>,
    ) -> Result<Response<Self::ReadArchiveStream>, Status> {
        use read_archive_response::Part;
        let (archive, missing) = {
            let state = self.state();
            (state.archive.clone(), state.missing)
        };
        let gone = Refusal(ErrorCode::NotFound, "ARCHIVE_NOT_FOUND");
        let bytes = archive.ok_or_else(|| into_status(gone))?;
        let header = Part::Header(images::Archive {
            size: bytes.len() as u64,
            ..images::Archive::default()
        });
        let come = bytes.len() - missing;
        let chunks: Vec<_> = bytes[..come]
            .chunks(1_000)
            .map(Bytes::copy_from_slice)
            .collect();
        let parts = stream::iter([header]).chain(stream::iter(chunks).map(Part::Chunk));
        let parts = parts.map(|part| Ok(images::ReadArchiveResponse { part: Some(part) }));
        Ok(Response::new(parts.boxed()))
    }

    async fn delete_archive(
        &self,
        _: Request<images::DeleteArchiveRequest>,
    ) -> Result<Response<images::DeleteArchiveResponse>, Status> {
        self.state().archive = None;
        Ok(Response::new(images::DeleteArchiveResponse {}))
    }
}

#[tonic::async_trait]
impl TaskService for Services {
    async fn take_tasks(
        &self,
        _: Request<history::TakeTasksRequest>,
    ) -> Result<Response<history::TakeTasksResponse>, Status> {
        unreachable!("it is taken")
    }

    async fn renew_tasks(
        &self,
        _: Request<history::RenewTasksRequest>,
    ) -> Result<Response<history::RenewTasksResponse>, Status> {
        unreachable!("others renew it")
    }

    async fn finish_tasks(
        &self,
        _: Request<history::FinishTasksRequest>,
    ) -> Result<Response<history::FinishTasksResponse>, Status> {
        unreachable!("others tell how it went")
    }

    async fn add_items(
        &self,
        request: Request<history::AddItemsRequest>,
    ) -> Result<Response<history::AddItemsResponse>, Status> {
        if let Some(refusal) = self.state().history {
            return Err(into_status(refusal));
        }
        self.state().added.push(request.into_inner());
        self.added.notify_one();
        Ok(Response::new(history::AddItemsResponse {}))
    }
}

/// How long a call may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(3600);
