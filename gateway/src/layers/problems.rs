//! Writes every problem as `application/problem+json`, with the id of its request.

use axum::response::IntoResponse as _;
use axum::{Extension, Json, extract::Request, middleware::Next, response::Response};
use http::header;
use pupila_runtime::context::RequestContext;

use crate::problem::Problem;

pub(crate) async fn write(
    Extension(context): Extension<RequestContext>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    let body = Json(problem.body(context.request_id.as_str())).into_response();
    let (mut parts, _) = response.into_parts();
    // The empty body's length.
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body.into_body())
}
