//! Several images at once, for lists that another service makes.

use pupila_proto::images::v1::{BatchGetImagesRequest, Image, ImageFilter};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    problem::{Problem, message},
};

/// Those of the images, at most 200, that the caller may see and that pass the filter, in the order of `ids`.
pub(crate) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    ids: Vec<String>,
    filter: ImageFilter,
) -> Result<Vec<Image>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let request = BatchGetImagesRequest {
        ids,
        filter: Some(filter),
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.images.clone().batch_get_images(request).await;
    Ok(message(response)?.images)
}
