//! `/v1/me`: the caller's own account.

mod api_keys;
mod avatar;
mod delete;
mod get;
mod password;
mod update;
mod usage;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(get::get_me, update::update_me, delete::delete_me))
        .routes(routes!(password::change_password))
        .routes(routes!(
            api_keys::list::list_api_keys,
            api_keys::create::create_api_key
        ))
        .routes(routes!(api_keys::revoke::revoke_api_key))
        .routes(routes!(
            avatar::put::put_avatar,
            avatar::get::get_avatar,
            avatar::delete::delete_avatar
        ))
        .routes(routes!(usage::get_usage))
}
