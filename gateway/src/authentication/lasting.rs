//! Requests that may outlast the token that they began with: long forms, archives.

use http::HeaderMap;
use pupila_runtime::context::RequestContext;

use super::Authenticator;
use crate::problem::Problem;

/// A request whose caller is asked for again before each of its calls.
#[derive(Clone)]
pub(crate) struct LastingContext {
    authenticator: Authenticator,
    context: RequestContext,
    /// What the caller sent to tell who they are.
    headers: HeaderMap,
}

impl LastingContext {
    pub(crate) fn new(
        authenticator: Authenticator,
        context: RequestContext,
        headers: HeaderMap,
    ) -> Self {
        Self {
            authenticator,
            context,
            headers,
        }
    }

    /// For the next call: with a token that is fresh, where it can be. That of a session cannot be renewed here.
    ///
    /// # Errors
    /// It has ended, or nobody is known by what the request brought any more.
    pub(crate) async fn get(&self) -> Result<RequestContext, Problem> {
        let credential = self
            .authenticator
            .credential(&self.context, &self.headers)
            .await?;
        Ok(RequestContext {
            credential,
            ..self.context.clone()
        })
    }
}
