//! `/v1/me`: the caller's own account.

mod api_keys;
mod avatar;
mod delete;
mod get;
mod notifications;
mod password;
mod push_subscriptions;
mod update;
mod usage;
mod webhooks;

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
        .routes(routes!(
            notifications::get::get_notification_settings,
            notifications::update::update_notification_settings
        ))
        .routes(routes!(
            push_subscriptions::list::list_push_subscriptions,
            push_subscriptions::create::create_push_subscription,
            push_subscriptions::delete::delete_push_subscription
        ))
        .routes(routes!(push_subscriptions::end::end_push_subscription))
        .routes(routes!(
            webhooks::list::list_webhooks,
            webhooks::create::create_webhook
        ))
        .routes(routes!(webhooks::delete::delete_webhook))
}
