//! An incoming call, as its handler sees it.

use http::Extensions;
use pupila_core::{Caller, User};
use tonic::Status;

use super::AccessError;
use crate::{context::RequestContext, rpc};

/// An incoming call that its [`Guard`](super::Guard) let in.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who makes it.
    pub caller: Caller,
    /// The request that it is part of: further calls made through it carry the same token.
    pub context: RequestContext,
}

/// The call that a request is.
///
/// # Errors
/// The service is served without a guard: a fault of ours.
pub fn call(extensions: &Extensions) -> Result<&Call, Status> {
    extensions
        .get()
        .ok_or_else(|| Status::internal("no guard stands before this method"))
}

/// The user who makes a call.
///
/// # Errors
/// `PERMISSION_DENIED` where it is none.
pub fn user(extensions: &Extensions) -> Result<&User, Status> {
    call(extensions)?
        .caller
        .user()
        .ok_or_else(|| rpc::into_status(AccessError::WrongCaller))
}

/// The name of the service that makes a call.
///
/// # Errors
/// `PERMISSION_DENIED` where it is none.
pub fn service(extensions: &Extensions) -> Result<&str, Status> {
    match &call(extensions)?.caller {
        Caller::Service(name) => Ok(name),
        _ => Err(rpc::into_status(AccessError::WrongCaller)),
    }
}
