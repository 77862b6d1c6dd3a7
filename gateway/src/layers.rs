//! What happens around every request, from the outside in.

pub(crate) mod announced_size;
mod bulk;
pub(crate) mod client_address;
mod deadline;
mod linger;
mod local_host;
mod observe;
mod panics;
mod problems;
mod request_id;
pub(crate) mod undeclared;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, Method, header};
use pupila_core::Clock;
use pupila_runtime::context::REQUEST_ID;
use tower::{ServiceBuilder, util::option_layer};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
    cors::CorsLayer,
    csrf::{CsrfLayer, ProtectionError, ResponseForProtectionError},
    set_header::SetResponseHeaderLayer,
};

use self::{client_address::TrustedProxies, local_host::AllowedHosts};
use crate::{
    config::{CorsConfig, GatewayConfig},
    error::RequestError,
    event_stream::LAST_EVENT_ID,
    extract::IDEMPOTENCY_KEY,
    problem::Problem,
};

/// Shorter answers are not worth compressing, in bytes.
const COMPRESS_ABOVE: u64 = 1024;
/// How long a browser may remember what a preflight said.
const PREFLIGHT_AGE: Duration = Duration::from_secs(3600);

/// Puts every layer around the routes.
pub(crate) fn around(router: Router, config: &GatewayConfig, clock: Arc<dyn Clock>) -> Router {
    let deadline = Duration::from_secs(config.limits.request_timeout_seconds);
    let proxies = TrustedProxies::new(&config.trusted_proxies);
    let local_host = config.is_local_only().then(|| {
        from_fn_with_state(
            AllowedHosts::from(&*config.allowed_hosts),
            local_host::require,
        )
    });
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state((clock, proxies), request_id::assign))
            .layer(from_fn(observe::observe))
            .layer(from_fn(problems::write))
            .layer(CatchPanicLayer::custom(panics::answer))
            .layer(SetResponseHeaderLayer::if_not_present(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ))
            .layer(from_fn(linger::linger))
            .layer(cors(&config.cors))
            .layer(option_layer(local_host))
            .layer(csrf(&config.cors))
            .layer(from_fn_with_state(deadline, deadline::enforce))
            .layer(CompressionLayer::new().compress_when(worth_compressing())),
    )
}

/// What is long, and not compressed already as images and archives are. An event must not wait for the next one.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(COMPRESS_ABOVE)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("application/zip"))
}

/// Lets web pages of the configured origins read the answers.
fn cors(config: &CorsConfig) -> CorsLayer {
    let origins = config.allowed_origins.iter();
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::RANGE,
            HeaderName::from_static(IDEMPOTENCY_KEY),
            HeaderName::from_static(LAST_EVENT_ID),
            HeaderName::from_static(REQUEST_ID),
        ])
        .expose_headers([
            header::ACCEPT_RANGES,
            header::CONTENT_DISPOSITION,
            header::CONTENT_RANGE,
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static(REQUEST_ID),
        ])
        .max_age(PREFLIGHT_AGE)
}

/// Keeps web pages of all other origins from sending anything, which CORS alone does not.
fn csrf(config: &CorsConfig) -> CsrfLayer<CrossOrigin> {
    let origins = config.allowed_origins.iter();
    origins
        .fold(CsrfLayer::new(), |layer, origin| {
            // An origin that cannot be read was refused with the configuration.
            layer.clone().add_trusted_origin(origin).unwrap_or(layer)
        })
        .with_rejection_response(CrossOrigin)
}

/// The answer to a request that a page of another origin sent.
#[derive(Debug, Clone, Copy)]
struct CrossOrigin;

impl ResponseForProtectionError<axum::body::Body> for CrossOrigin {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        Problem::from(RequestError::CrossOrigin).into_response()
    }
}
