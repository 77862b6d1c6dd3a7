//! Multipart bodies.

use axum::{
    body::Body,
    extract::{FromRequest, Multipart, Request},
};

use http::HeaderMap;

use super::media_type::media_type;
use crate::{error::RequestError, problem::Problem, upload::Paced};

/// A multipart body, of which no more is read than is asked for.
pub(crate) struct Form(pub(crate) Multipart);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !is_form(request.headers()) {
            return Err(RequestError::NotMultipart.into());
        }
        let request = request.map(|body| Body::from_stream(Paced::new(body.into_data_stream())));
        Multipart::from_request(request, state)
            .await
            .map(Self)
            .map_err(|error| RequestError::BrokenMultipart(error.body_text()).into())
    }
}

/// Whether the body says that it is a form with files.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers) == "multipart/form-data"
}
