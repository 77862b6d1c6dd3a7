//! How much a user stores, which the service images knows.

use pupila_core::ErrorCode;
use pupila_proto::images::v1::{GetUserUsageRequest, SetQuotaRequest};
use pupila_runtime::{context::RequestContext, rpc::RpcError};

use crate::{
    app::Gateway,
    dto::usage::Usage,
    problem::{Problem, from_rpc, message},
};

/// What a user stores; `None` while images is away, because the rest of a user is there without it.
pub(super) async fn get(
    gateway: &Gateway,
    context: &RequestContext,
    user_id: String,
) -> Result<Option<Usage>, Problem> {
    let request = context.call(GetUserUsageRequest { user_id }, gateway.call_timeout);
    let answer = gateway.images.clone().get_user_usage(request).await;
    match answer.map_err(RpcError::from) {
        Ok(answer) => Ok(answer.into_inner().usage.map(Usage::from)),
        Err(error) if is_away(&error) => Ok(None),
        Err(error) => Err(from_rpc(error)),
    }
}

/// Sets what a user may store; `None` for the configured default.
pub(super) async fn set_quota(
    gateway: &Gateway,
    context: &RequestContext,
    user_id: String,
    quota_bytes: Option<u64>,
) -> Result<Option<Usage>, Problem> {
    let request = SetQuotaRequest {
        user_id,
        quota_bytes,
    };
    let request = context.call(request, gateway.call_timeout);
    let answer = message(gateway.images.clone().set_quota(request).await)?;
    Ok(answer.usage.map(Usage::from))
}

fn is_away(error: &RpcError) -> bool {
    matches!(
        error.code,
        ErrorCode::Unavailable | ErrorCode::DeadlineExceeded
    )
}
