//! A body that announces more bytes than are allowed is refused before one of them is read.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::bulk::is_bulk_upload;
use crate::{error::RequestError, problem::Problem};

/// What a body may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllowedSize {
    /// Most bytes of the whole body.
    pub(crate) body: usize,
    /// Most bytes of the file inside it, which is the limit that callers know.
    pub(crate) file: usize,
}

pub(crate) async fn check(
    State(allowed): State<AllowedSize>,
    request: Request,
    next: Next,
) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced: Option<u64> = announced
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse().ok());
    let allows = u64::try_from(allowed.body).unwrap_or(u64::MAX);
    let too_large = announced.is_some_and(|length| length > allows);
    if too_large && !is_bulk_upload(&request) {
        let limit = allowed.file;
        return Problem::from(RequestError::TooLarge { limit }).into_response();
    }
    next.run(request).await
}
