//! Authentication and users over gRPC: translates messages, decides nothing.

mod auth;
mod decode;
mod encode;
mod users;

pub(crate) use auth::AuthService;
pub(crate) use users::UserService;

use pupila_runtime::{identity, rpc};
use tonic::{Request, Status};

use crate::{AccountsError, accounts::Accounts, origin::Origin};

impl From<AccountsError> for Status {
    fn from(error: AccountsError) -> Self {
        rpc::into_status(error)
    }
}

/// Who makes a call, from where and when.
fn origin<T, DB: pupila_db::Dialect>(
    accounts: &Accounts<DB>,
    request: &Request<T>,
) -> Result<Origin, Status> {
    let call = identity::call(request.extensions())?;
    Ok(Origin::of(call, accounts.clock.now()))
}
