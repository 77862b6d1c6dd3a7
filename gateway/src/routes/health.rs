//! `GET /health`: which models are loaded.

use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State, http::StatusCode};
use pupila_proto::inference::v1::{self as proto, ListModelsRequest};
use pupila_runtime::context::RequestContext;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::Gateway, openapi::PublicProblems};

/// Whether models answer, and which.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// The worst that is known.
    status: HealthStatus,
    /// Every model by name.
    models: BTreeMap<String, ModelHealth>,
}

/// Whether models answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HealthStatus {
    /// All do.
    Healthy,
    /// Some do not.
    Degraded,
    /// None can be asked.
    Unavailable,
}

/// One model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelHealth {
    /// Whether a version of it answers.
    loaded: bool,
    /// How many labels it knows.
    num_classes: usize,
}

/// Which models are loaded
#[utoipa::path(
    get, path = "/health", tag = "compatible", operation_id = "health",
    responses(
        PublicProblems,
        (status = 200, description = "Models answer", body = Health),
        (status = 503, description = "No model can be asked", body = Health),
    ),
)]
pub(crate) async fn health(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
) -> (StatusCode, Json<Health>) {
    let request = context.call(ListModelsRequest {}, gateway.call_timeout);
    let health = match gateway.inference.clone().list_models(request).await {
        Ok(response) => of_models(response.into_inner().models),
        Err(error) => {
            tracing::warn!(%error, "inference does not answer");
            Health {
                status: HealthStatus::Unavailable,
                models: BTreeMap::new(),
            }
        }
    };
    let code = match health.status {
        HealthStatus::Healthy | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    };
    (code, Json(health))
}

fn of_models(models: Vec<proto::Model>) -> Health {
    let models: BTreeMap<_, _> = models
        .into_iter()
        .map(|model| {
            let ready = |version: &proto::ModelVersion| version.state() == proto::ModelState::Ready;
            let health = ModelHealth {
                loaded: model.versions.iter().any(ready),
                num_classes: model.labels.len(),
            };
            (model.name, health)
        })
        .collect();
    let loaded = models.values().filter(|model| model.loaded).count();
    let status = match loaded {
        0 => HealthStatus::Unavailable,
        some if some == models.len() => HealthStatus::Healthy,
        _ => HealthStatus::Degraded,
    };
    Health { status, models }
}
