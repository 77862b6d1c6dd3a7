//! `POST /v1/admin/storage:sweep`

use axum::extract::State;
use pupila_proto::images::v1::{SweepStorageRequest, SweepStorageResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    extract::{Caller, Json},
    openapi::Problems,
    problem::{Problem, message},
};

/// What a sweep found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Swept {
    /// Objects that it looked at.
    objects_seen: u64,
    /// Objects without an image, which it removed.
    objects_removed: u64,
    /// Records of bytes without an image, which it removed.
    records_removed: u64,
    /// Images whose bytes are missing: SHA-256 digests, at most 100.
    missing_sha256: Vec<String>,
}

impl From<SweepStorageResponse> for Swept {
    fn from(swept: SweepStorageResponse) -> Self {
        Self {
            objects_seen: swept.objects_seen,
            objects_removed: swept.objects_removed,
            records_removed: swept.records_removed,
            missing_sha256: swept.missing_sha256,
        }
    }
}

/// Remove stored bytes that no image needs, and look for images whose bytes are missing
///
/// The server does so by itself from time to time.
#[utoipa::path(
    post, path = "/v1/admin/storage:sweep", tag = "admin", operation_id = "sweep_storage",
    security(("bearer" = [])),
    responses((status = 200, description = "What was found", body = Swept), Problems),
)]
pub(crate) async fn sweep_storage(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Swept>, Problem> {
    // Only the deadline of the whole request ends it: a large store takes its time.
    let request = context.stream(SweepStorageRequest {});
    let swept = message(gateway.images.clone().sweep_storage(request).await)?;
    Ok(Json(swept.into()))
}
