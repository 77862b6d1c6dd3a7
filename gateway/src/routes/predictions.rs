//! `/v1/predictions`: asking models, and everything that they ever answered.

mod create;
mod export;
mod filter;
mod get;
mod list;
mod replay;
mod review;
mod stats;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::Gateway;

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(create::create_prediction, list::list_predictions))
        .routes(routes!(get::get_prediction))
        .routes(routes!(replay::replay_prediction))
        .routes(routes!(review::review_prediction))
        .routes(routes!(export::export_predictions))
        .routes(routes!(stats::get_statistics))
}
