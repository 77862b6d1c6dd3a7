//! Answers that tell more than their body.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use pupila_core::Revision;
use serde::Serialize;

use crate::extract::Json;

/// A resource that counts its changes.
pub(crate) trait Revised {
    /// Its state.
    fn revision(&self) -> Revision;
}

/// A resource as JSON, with its revision as `ETag`, for `If-Match`.
#[derive(Debug)]
pub(crate) struct Tagged<T>(pub(crate) T);

/// 201: a new resource, and the path where it is.
#[derive(Debug)]
pub(crate) struct Created<R>(pub(crate) String, pub(crate) R);

impl<T: Revised + Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let tag = HeaderValue::try_from(self.0.revision().to_string()).ok();
        let mut response = Json(self.0).into_response();
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

impl<R: IntoResponse> IntoResponse for Created<R> {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::CREATED, self.1).into_response();
        if let Ok(location) = HeaderValue::try_from(self.0) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
