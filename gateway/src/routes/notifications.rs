//! `/v1/notifications`: what the caller was told, and how browsers are told more.

mod list;
mod push_key;
mod read;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(list::list_notifications))
        .routes(routes!(read::mark_notifications_read))
        .routes(routes!(push_key::get_push_key))
}
