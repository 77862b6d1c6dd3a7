//! What a notifier asks of accounts, history and images: real servers behind the real guard, with those methods that it
//! calls.

mod wire;

use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll},
};

use futures_util::{Stream, StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use pupila_core::{Caller, Clock as _, ErrorCode, Fault, ManualClock, Role, Scope, User, UserId};
use pupila_proto::{
    accounts::v1::{
        AccessToken, ActForUserRequest, ActForUserResponse, DropRouteRequest, DropRouteResponse,
        NotifyRequest, NotifyResponse, ResolveRouteRequest, ResolveRouteResponse,
        SignInServiceRequest, SignInServiceResponse,
    },
    history::v1::{
        GetReportRequest, GetReportResponse, JobItem, ListItemsRequest, ListItemsResponse,
    },
    images::v1::{
        ReadRenditionRequest, ReadRenditionResponse, RenditionHeader, read_rendition_response::Part,
    },
};
use pupila_runtime::{
    grpc::RpcServices,
    identity::{self, Claims, Guard, SigningKey, Verifier},
    rpc::into_status,
    transport::{self, Transport},
};
use tonic::{Request, Response, Status, body::Body, codegen::http, server::NamedService};
use tower::{Service, service_fn};

use self::wire::{HttpAnswer, service, streaming, unary};

/// The services, and what they answer. Its clones are one.
#[derive(Clone)]
pub(super) struct Services {
    key: SigningKey,
    pub(super) clock: Arc<ManualClock>,
    script: Arc<Mutex<Script>>,
}

/// What the services know, and what they were asked.
#[derive(Default)]
pub(super) struct Script {
    /// Where each route leads; one that is not here is gone.
    pub(super) routes: HashMap<String, ResolveRouteResponse>,
    /// The routes that accounts answers when a job ended; `None` where the user is gone.
    pub(super) wanted: Option<Vec<String>>,
    pub(super) items: Vec<JobItem>,
    /// The report; `None` where history does not answer.
    pub(super) report: Option<GetReportResponse>,
    /// The renditions by image; one that is not here cannot be read.
    pub(super) pictures: HashMap<String, Vec<u8>>,
    /// accounts does not answer.
    pub(super) is_away: bool,
    /// accounts knows of no such worker.
    pub(super) shuts_out: bool,
    /// Events that accounts was told.
    pub(super) told: Vec<NotifyRequest>,
    /// Routes that accounts was told to drop.
    pub(super) dropped: Vec<String>,
    /// Renditions that images was asked for.
    pub(super) rendered: Vec<ReadRenditionRequest>,
}

#[derive(Debug, thiserror::Error)]
#[error("it is not there")]
struct Missing(&'static str);

impl Fault for Missing {
    fn code(&self) -> ErrorCode {
        ErrorCode::NotFound
    }
    fn reason(&self) -> &'static str {
        self.0
    }
}

type Answer<T> = Result<Response<T>, Status>;
type Renditions = Pin<Box<dyn Stream<Item = Result<ReadRenditionResponse, Status>> + Send>>;

impl Services {
    pub(super) fn new() -> Self {
        let document = SigningKey::generate().expect("randomness");
        Self {
            key: SigningKey::from_pkcs8("1", &document).expect("a key"),
            clock: Arc::new(ManualClock::at(Timestamp::now())),
            script: Arc::default(),
        }
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("not poisoned")
    }

    pub(super) fn transport(&self) -> Transport {
        let keys = vec![self.key.verification_key()];
        let services = RpcServices::default()
            .with(Auth(self.clone()))
            .with(Notifications(self.clone()))
            .with(Jobs(self.clone()))
            .with(Images(self.clone()));
        let guard = Guard::new(Verifier::new(keys, self.clock.clone()));
        transport::in_process(services, guard)
    }

    fn access(&self, caller: &Caller) -> AccessToken {
        let now = self.clock.now();
        let end = now + SignedDuration::from_hours(10_000);
        let claims = Claims::new(caller, now, end).expect("somebody");
        AccessToken {
            token: self.key.sign(&claims).expect("a token"),
            expire_time: Some(prost_types::Timestamp {
                seconds: end.as_second(),
                nanos: 0,
            }),
        }
    }

    async fn sign_in_service(
        self,
        request: Request<SignInServiceRequest>,
    ) -> Answer<SignInServiceResponse> {
        if self.script().shuts_out {
            return Err(into_status(Missing("SERVICE_NOT_FOUND")));
        }
        let caller = Caller::Service(request.into_inner().service);
        let access = Some(self.access(&caller));
        Ok(Response::new(SignInServiceResponse { access }))
    }

    async fn act_for_user(self, request: Request<ActForUserRequest>) -> Answer<ActForUserResponse> {
        let id: UserId = request.into_inner().user_id.parse().expect("an id");
        let caller = Caller::User(User {
            id,
            role: Role::User,
            scopes: [Scope::ImagesRead, Scope::JobsRead].into_iter().collect(),
            session: None,
        });
        let access = Some(self.access(&caller));
        Ok(Response::new(ActForUserResponse { access }))
    }

    async fn notify(self, request: Request<NotifyRequest>) -> Answer<NotifyResponse> {
        let mut script = self.script();
        if script.is_away {
            return Err(Status::unavailable("not now"));
        }
        script.told.push(request.into_inner());
        let routes = script.wanted.clone();
        let routes = routes.ok_or_else(|| into_status(Missing("USER_NOT_FOUND")))?;
        Ok(Response::new(NotifyResponse { routes }))
    }

    async fn resolve_route(
        self,
        request: Request<ResolveRouteRequest>,
    ) -> Answer<ResolveRouteResponse> {
        let script = self.script();
        if script.is_away {
            return Err(Status::unavailable("not now"));
        }
        let route = script.routes.get(&request.into_inner().route);
        let route = route.ok_or_else(|| into_status(Missing("ROUTE_GONE")))?;
        Ok(Response::new(route.clone()))
    }

    async fn drop_route(self, request: Request<DropRouteRequest>) -> Answer<DropRouteResponse> {
        let route = request.into_inner().route;
        self.script().dropped.push(route);
        Ok(Response::new(DropRouteResponse {}))
    }

    async fn get_report(self, request: Request<GetReportRequest>) -> Answer<GetReportResponse> {
        identity::user(request.extensions())?;
        let report = self.script().report.clone();
        let report = report.ok_or_else(|| Status::unavailable("not now"))?;
        Ok(Response::new(report))
    }

    async fn list_items(self, request: Request<ListItemsRequest>) -> Answer<ListItemsResponse> {
        identity::user(request.extensions())?;
        let ListItemsRequest {
            state, page_size, ..
        } = request.into_inner();
        let script = self.script();
        let items = script.items.iter();
        let items = items.filter(|item| state.is_none_or(|state| item.state == state));
        Ok(Response::new(ListItemsResponse {
            items: items.take(page_size as usize).cloned().collect(),
            next_page_token: String::new(),
        }))
    }

    async fn read_rendition(self, request: Request<ReadRenditionRequest>) -> Answer<Renditions> {
        identity::user(request.extensions())?;
        let request = request.into_inner();
        let mut script = self.script();
        let picture = script.pictures.get(&request.id).cloned();
        let format = request.recipe.as_ref().map(|recipe| recipe.format.clone());
        script.rendered.push(request);
        let picture = picture.ok_or_else(|| into_status(Missing("IMAGE_NOT_FOUND")))?;
        let header = Part::Header(RenditionHeader {
            format: format.unwrap_or_default(),
            size: picture.len() as u64,
            etag: String::new(),
        });
        let chunks: Vec<_> = picture
            .chunks(1000)
            .map(|chunk| Part::Chunk(chunk.to_vec().into()))
            .collect();
        let parts = std::iter::once(header).chain(chunks);
        let parts = parts.map(|part| Ok(ReadRenditionResponse { part: Some(part) }));
        Ok(Response::new(
            stream::iter(parts.collect::<Vec<_>>()).boxed(),
        ))
    }
}

service!(
    Auth,
    "pupila.accounts.v1.AuthService",
    "SignInService" => unary sign_in_service,
    "ActForUser" => unary act_for_user
);
service!(
    Notifications,
    "pupila.accounts.v1.NotificationService",
    "Notify" => unary notify,
    "ResolveRoute" => unary resolve_route,
    "DropRoute" => unary drop_route
);
service!(
    Jobs,
    "pupila.history.v1.JobService",
    "GetReport" => unary get_report,
    "ListItems" => unary list_items
);
service!(
    Images,
    "pupila.images.v1.ImageService",
    "ReadRendition" => streaming read_rendition
);
