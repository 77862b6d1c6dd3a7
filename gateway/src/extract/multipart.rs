//! Multipart bodies.

use axum::extract::{FromRequest, Multipart, Request};

use crate::{error::RequestError, problem::Problem};

/// A multipart body.
pub(crate) struct Form(pub(crate) Multipart);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Multipart::from_request(request, state)
            .await
            .map(Self)
            .map_err(|_| RequestError::NotMultipart.into())
    }
}
