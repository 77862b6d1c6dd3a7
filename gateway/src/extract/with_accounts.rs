//! Calls that make no sense without accounts.

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::{app::Gateway, error::RequestError, problem::Problem};

/// Callers have accounts of their own here. Where every caller is the local user, nobody signs in.
#[derive(Debug)]
pub(crate) struct WithAccounts;

impl FromRequestParts<Gateway> for WithAccounts {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, gateway: &Gateway) -> Result<Self, Self::Rejection> {
        if gateway.authenticator.has_accounts() {
            Ok(Self)
        } else {
            Err(RequestError::AccountsOff.into())
        }
    }
}
