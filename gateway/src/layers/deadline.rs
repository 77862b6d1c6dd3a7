//! No request is worked on for ever, and no slow sender holds its memory for ever.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::bulk::is_bulk_upload;
use crate::{error::RequestError, problem::Problem};

/// Gives the request up after `limit`, unless it brings many files, which are watched one by one. A body that is
/// streamed out afterwards may take longer.
pub(crate) async fn enforce(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    if is_bulk_upload(&request) {
        return next.run(request).await;
    }
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let seconds = limit.as_secs();
            Problem::from(RequestError::Timeout { seconds }).into_response()
        }
    }
}
