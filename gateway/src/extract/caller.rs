//! Callers who are known.

use axum::{Extension, extract::FromRequestParts};
use http::request::Parts;
use pupila_runtime::context::RequestContext;

use crate::{app::Gateway, error::RequestError, problem::Problem};

/// A request whose caller is known: its calls carry their token. Name it before what reads the request itself, so
/// that strangers learn nothing else.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) RequestContext);

impl FromRequestParts<Gateway> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Gateway,
    ) -> Result<Self, Self::Rejection> {
        let context = Extension::<RequestContext>::from_request_parts(parts, gateway).await;
        let Extension(mut context) = context.map_err(|_| RequestError::Failed)?;
        context.credential = gateway
            .authenticator
            .credential(&context, &parts.headers)
            .await?;
        Ok(Self(context))
    }
}
