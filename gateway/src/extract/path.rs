//! The variable parts of the path.

use axum::extract::{self, FromRequestParts};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{error::RequestError, problem::Problem};

/// The variable parts of the path as `T`. What is not even text names nothing that there is.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        extract::Path::from_request_parts(parts, state)
            .await
            .map(|extract::Path(value)| Self(value))
            .map_err(|_| RequestError::NoSuchRoute.into())
    }
}
