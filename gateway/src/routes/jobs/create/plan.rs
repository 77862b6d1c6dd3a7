//! What is done to the images of a job, checked before any of them is looked at.

use std::collections::BTreeMap;

use pupila_operations::{Kind as ParameterKind, declaration};
use pupila_proto::{
    history::v1::{OperationStep, Step, step::Kind},
    images::v1::ImageFilter,
};
use pupila_runtime::context::RequestContext;

use super::step::StepOrder;
use crate::{
    app::Gateway,
    error::RequestError,
    problem::Problem,
    refusal::Refusal,
    routes::{images::batch, jobs::scopes},
};

/// Most steps of a job.
const MAX_STEPS: usize = 16;
/// Where they are in a request.
pub(super) const STEPS: &str = "steps";

/// The steps as they are kept.
///
/// # Errors
/// One of them cannot be done, then what is wrong lies below `steps`; or the caller may not do it.
pub(super) async fn check(
    gateway: &Gateway,
    context: &RequestContext,
    orders: Vec<StepOrder>,
) -> Result<Vec<Step>, Problem> {
    if !(1..=MAX_STEPS).contains(&orders.len()) {
        let description = format!("must be 1 to {MAX_STEPS} steps");
        return Err(RequestError::invalid(STEPS, description).into());
    }
    let mut steps = Vec::with_capacity(orders.len());
    for (place, order) in orders.into_iter().enumerate() {
        let place = format!("{STEPS}/{place}");
        steps.push(order.check(gateway, context, &place).await?);
    }
    scopes::require(gateway, context, &steps).await?;
    require_images(gateway, context, &steps).await?;
    Ok(steps)
}

/// Refuses images in parameters, such as watermarks, that the caller may not see.
async fn require_images(
    gateway: &Gateway,
    context: &RequestContext,
    steps: &[Step],
) -> Result<(), Problem> {
    let mut places: BTreeMap<String, String> = steps.iter().enumerate().flat_map(images).collect();
    let ids = places.values().cloned().collect();
    let seen = batch::fetch(gateway, context, ids, ImageFilter::default()).await?;
    places.retain(|_, id| seen.iter().all(|image| image.id != *id));
    match places.pop_first() {
        None => Ok(()),
        Some((place, id)) => {
            let refusal = Problem::from(Refusal::UnknownImages(vec![id]));
            Err(refusal.rename_fields(|_| place.clone()))
        }
    }
}

/// The images in the parameters of a step: where they are named, and their ids as services write them.
fn images((place, step): (usize, &Step)) -> Vec<(String, String)> {
    let Some(Kind::Operation(OperationStep { name, parameters })) = &step.kind else {
        return Vec::new();
    };
    let declared = declaration(name).map_or(&[][..], |declaration| declaration.parameters);
    let images = declared
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Image);
    let named = images.filter_map(|parameter| {
        let id: pupila_core::ImageId = parameters.get(parameter.name)?.trim().parse().ok()?;
        let place = format!("{STEPS}/{place}/parameters/{}", parameter.name);
        Some((place, id.to_string()))
    });
    named.collect()
}
