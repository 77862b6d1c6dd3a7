//! A span, a log line and metrics for every request.

use std::time::Instant;

use axum::{
    Extension,
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http::Method;
use pupila_runtime::context::{RequestContext, TraceExtractor};
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::verbs;

/// The route of a request that no route takes: its path is the caller's text and no label.
const NO_ROUTE: &str = "none";

pub(crate) async fn observe(
    Extension(context): Extension<RequestContext>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(NO_ROUTE.to_owned(), |path| verbs::told(path.as_str()));
    let method = known(request.method());
    // An error's level, so that every line has its request's id whatever the log level.
    let span = tracing::error_span!(
        "http",
        otel.kind = "server",
        otel.name = format!("{method} {route}"),
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        request_id = %context.request_id,
    );
    let parent = opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract(&TraceExtractor(request.headers()))
    });
    // Without a collector there is no trace to continue.
    let _ = span.set_parent(parent);
    async {
        let start = Instant::now();
        let response = next.run(request).await;
        let elapsed = start.elapsed();
        let status = response.status().as_u16();
        tracing::Span::current().record("http.response.status_code", status);
        tracing::info!(elapsed_ms = elapsed.as_millis(), "answered");
        let labels = [
            ("method", method.to_owned()),
            ("route", route),
            ("status", status.to_string()),
        ];
        metrics::counter!("pupila_http_requests_total", &labels).increment(1);
        metrics::histogram!("pupila_http_request_seconds", &labels).record(elapsed.as_secs_f64());
        response
    }
    .instrument(span)
    .await
}

/// The method as a label: anyone can make up others, and each would be a new series.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
