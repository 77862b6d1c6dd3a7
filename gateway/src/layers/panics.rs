//! A panic is a defect of ours: it costs its own request, and nothing of it is told.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::{error::RequestError, problem::Problem};

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that tower-http calls"
)]
pub(crate) fn answer(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(message, "a request panicked");
    Problem::from(RequestError::Failed).into_response()
}
