//! How a job is asked for: over stored images in JSON, or with files in a form.

use axum::extract::{FromRequest, Multipart, Request};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::step::StepOrder;
use crate::{
    app::Gateway,
    dto::{job::Priority, line::Line},
    error::RequestError,
    extract::{Form, LongJson, is_form, is_json},
    problem::Problem,
};

/// A job as it is asked for.
pub(crate) enum Order {
    Form(Multipart),
    Stored(JobOrder),
}

/// A job over stored images: `image_ids` or `album_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobOrder {
    /// What to call it.
    pub(super) name: Option<Line<200>>,
    /// What is done to each image, in order.
    #[schema(min_items = 1, max_items = 16)]
    pub(super) steps: Vec<StepOrder>,
    /// Images that the caller may see, none of them twice.
    #[schema(min_items = 1, max_items = 10000)]
    pub(super) image_ids: Option<Vec<Uuid>>,
    /// An album with at most 10,000 images.
    pub(super) album_id: Option<Uuid>,
    /// Before whom it comes: interactive for up to four images, batch for more, unless told.
    pub(super) priority: Option<Priority>,
    /// Nobody is told when it ends, whatever its owner chose.
    #[serde(default)]
    pub(super) silent: bool,
}

impl FromRequest<Gateway> for Order {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Self::Rejection> {
        if is_json(request.headers()) {
            let LongJson(order) = LongJson::from_request(request, gateway).await?;
            return Ok(Self::Stored(order));
        }
        if !is_form(request.headers()) {
            return Err(RequestError::NeitherFormNorJson.into());
        }
        let Form(form) = Form::from_request(request, gateway).await?;
        Ok(Self::Form(form))
    }
}
