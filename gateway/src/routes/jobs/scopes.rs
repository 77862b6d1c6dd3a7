//! What callers must be allowed to for the steps of a job: what is done in the background is done with all their rights.

use pupila_core::Scope;
use pupila_proto::history::v1::{Step, step::Kind};
use pupila_runtime::context::RequestContext;

use crate::{app::Gateway, problem::Problem};

/// Operations store images, models record predictions.
const OF_OPERATIONS: Scope = Scope::ImagesWrite;
const OF_MODELS: Scope = Scope::PredictionsWrite;

/// Refuses steps whose results the caller's token may not make itself.
///
/// # Errors
/// `SCOPE_MISSING`
pub(super) async fn require(
    gateway: &Gateway,
    context: &RequestContext,
    steps: &[Step],
) -> Result<(), Problem> {
    for step in steps {
        let scope = match &step.kind {
            Some(Kind::Operation(_)) => OF_OPERATIONS,
            Some(Kind::Model(_)) => OF_MODELS,
            None => continue,
        };
        let credential = &context.credential;
        gateway.authenticator.require(credential, scope).await?;
    }
    Ok(())
}

/// Whether the caller's token may do whatever a step can be.
///
/// # Errors
/// It is no user's.
pub(super) async fn hold_all(gateway: &Gateway, context: &RequestContext) -> Result<bool, Problem> {
    let user = gateway.authenticator.user(&context.credential).await?;
    let scopes = user.scopes;
    Ok(scopes.contain(OF_OPERATIONS) && scopes.contain(OF_MODELS))
}
