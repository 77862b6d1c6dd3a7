//! `/v1/admin`: what administrators do.

mod audit;
mod queue;
mod sweep;
mod users;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(users::list::list_users, users::create::create_user))
        .routes(routes!(
            users::get::get_user,
            users::update::update_user,
            users::delete::delete_user
        ))
        .routes(routes!(audit::list_audit))
        .routes(routes!(queue::get_queue))
        .routes(routes!(sweep::sweep_storage))
}
