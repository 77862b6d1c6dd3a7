//! `/v1/auth`: accounts, and signing in and out.

mod login;
mod logout;
mod refresh;
mod register;
mod sessions;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::log_in))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::log_out))
        .routes(routes!(sessions::list::list_sessions))
        .routes(routes!(sessions::revoke::revoke_session))
}
