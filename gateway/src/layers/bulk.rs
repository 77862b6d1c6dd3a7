//! The call that takes any number of files.

use axum::extract::{MatchedPath, Request};
use http::Method;

/// Whether `request` brings files that are handed on while they come in. Together they may be of any size and take any
/// time: each file has its limit, and may only stand still for so long (see `upload`).
pub(super) fn is_bulk_upload(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    request.method() == Method::POST && route.is_some_and(|route| route.as_str() == "/v1/images")
}
