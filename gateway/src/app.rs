//! The whole application: what the handlers share, the routes, and the layers around them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart},
    middleware::from_fn_with_state,
    response::Redirect,
    routing::get,
};
use http::{HeaderMap, HeaderValue, header};
use pupila_analysis::Analyst;
use pupila_core::Clock;
use pupila_proto::{
    accounts::v1::{
        album_service_client::AlbumServiceClient, auth_service_client::AuthServiceClient,
        notification_service_client::NotificationServiceClient,
        user_service_client::UserServiceClient,
    },
    history::v1::{
        history_service_client::HistoryServiceClient, job_service_client::JobServiceClient,
    },
    images::v1::{
        archive_service_client::ArchiveServiceClient, image_service_client::ImageServiceClient,
    },
    inference::v1::inference_service_client::InferenceServiceClient,
};
use pupila_runtime::{context::RequestContext, transport::Transport};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    authentication::{Authenticator, LastingContext},
    config::GatewayConfig,
    error::RequestError,
    event_stream::OpenStreams,
    layers::{
        self,
        announced_size::{self, AllowedSize},
        undeclared,
    },
    openapi::{self, Api},
    problem::Problem,
    routes,
    upload::{Fields, UploadBudget},
    upstreams::Upstreams,
};

/// What a multipart body may hold beside the file, in bytes: boundaries, headers and small fields.
const MULTIPART_OVERHEAD: usize = 256 << 10;

/// A page of 200 predictions of a model with thousands of labels, in bytes.
const MAX_LISTING: usize = 64 << 20;

/// What the handlers share. Holds connections and limits, but nothing of any request.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) authenticator: Authenticator,
    pub(crate) analyst: Analyst,
    pub(crate) auth: AuthServiceClient<Transport>,
    pub(crate) users: UserServiceClient<Transport>,
    pub(crate) albums: AlbumServiceClient<Transport>,
    pub(crate) notifications: NotificationServiceClient<Transport>,
    pub(crate) images: ImageServiceClient<Transport>,
    pub(crate) archives: ArchiveServiceClient<Transport>,
    pub(crate) inference: InferenceServiceClient<Transport>,
    pub(crate) history: HistoryServiceClient<Transport>,
    pub(crate) jobs: JobServiceClient<Transport>,
    pub(crate) uploads: UploadBudget,
    pub(crate) max_archive_bytes: usize,
    pub(crate) streams: OpenStreams,
    pub(crate) call_timeout: Duration,
}

impl Gateway {
    /// A gateway to the services behind `upstreams`. What would last for ever ends at `stop`.
    pub(crate) fn new(
        config: &GatewayConfig,
        upstreams: Upstreams,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> Self {
        let limits = &config.limits;
        let call_timeout = Duration::from_secs(limits.call_timeout_seconds);
        let Upstreams {
            accounts,
            images,
            inference,
            history,
        } = upstreams;
        let inference =
            InferenceServiceClient::new(inference).max_decoding_message_size(MAX_LISTING);
        let jobs = JobServiceClient::new(history.clone()).max_decoding_message_size(MAX_LISTING);
        let history = HistoryServiceClient::new(history).max_decoding_message_size(MAX_LISTING);
        Self {
            authenticator: Authenticator::new(
                config.auth.mode,
                accounts.clone(),
                clock,
                call_timeout,
                Duration::from_secs(limits.request_timeout_seconds),
            ),
            analyst: Analyst::new(
                inference.clone(),
                history.clone(),
                config.ledger,
                call_timeout,
            ),
            auth: AuthServiceClient::new(accounts.clone()),
            users: UserServiceClient::new(accounts.clone()),
            albums: AlbumServiceClient::new(accounts.clone()),
            notifications: NotificationServiceClient::new(accounts),
            archives: ArchiveServiceClient::new(images.clone()),
            images: ImageServiceClient::new(images).max_decoding_message_size(MAX_LISTING),
            inference,
            history,
            jobs,
            uploads: UploadBudget::new(limits.max_buffered_bytes, limits.max_file_bytes),
            max_archive_bytes: limits.max_archive_bytes,
            streams: OpenStreams::new(limits.max_event_streams, stop),
            call_timeout,
        }
    }

    /// A request with these headers that may outlast its token.
    pub(crate) fn lasting(&self, context: RequestContext, headers: HeaderMap) -> LastingContext {
        LastingContext::new(self.authenticator.clone(), context, headers)
    }

    /// The fields of a form.
    pub(crate) fn fields(&self, form: Multipart) -> Fields {
        Fields::new(form, self.uploads.max_file_bytes(), self.call_timeout)
    }
}

/// The HTTP application. Cheap to clone and to call.
pub(crate) fn router(gateway: Gateway, config: &GatewayConfig, clock: Arc<dyn Clock>) -> Router {
    let Api {
        routes,
        calls,
        verbs,
        document,
    } = openapi::split(routes::all());
    let allowed = AllowedSize {
        body: config
            .limits
            .max_file_bytes
            .saturating_add(MULTIPART_OVERHEAD),
        file: config.limits.max_file_bytes,
    };
    let api = routes
        .layer(DefaultBodyLimit::max(allowed.body))
        .layer(from_fn_with_state(calls, undeclared::refuse))
        .layer(from_fn_with_state(allowed, announced_size::check))
        // What is told to one caller is nobody else's business; what may be kept says so itself.
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .with_state(gateway);
    let router = Router::new()
        .route("/", get(|| async { Redirect::temporary("/docs/") }))
        .merge(api)
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .fallback(|| async { Problem::from(RequestError::NoSuchRoute) })
        .method_not_allowed_fallback(|| async { Problem::from(RequestError::MethodNotAllowed) });
    let router = layers::around(router, config, clock);
    Router::new().fallback_service(router.map_request(move |request| verbs.route(request)))
}

#[cfg(test)]
mod tests;
