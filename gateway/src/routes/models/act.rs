//! `POST /v1/models/{name}:load` and `:unload`

use axum::extract::State;
use pupila_proto::inference::v1::{LoadModelRequest, UnloadModelRequest};

use crate::{
    app::Gateway,
    dto::model::Model,
    error::RequestError,
    extract::{Caller, Json, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Read a model's files again and replace what is loaded
///
/// Predictions in flight finish on the version that they began with.
#[utoipa::path(
    post, path = "/v1/models/{name}:load", tag = "models", operation_id = "load_model",
    security(("bearer" = [])),
    params(("name" = String, Path, description = "The model's name", example = "pneumonia")),
    responses((status = 200, description = "The model; a version that could not be loaded tells why", body = Model), Problems, NotFound),
)]
#[expect(dead_code, reason = "described here, routed by `act`")]
fn load_model() {}

/// Take a model out of memory
#[utoipa::path(
    post, path = "/v1/models/{name}:unload", tag = "models", operation_id = "unload_model",
    security(("bearer" = [])),
    params(("name" = String, Path, description = "The model's name", example = "pneumonia")),
    responses((status = 200, description = "The model", body = Model), Problems, NotFound),
)]
#[expect(dead_code, reason = "described here, routed by `act`")]
fn unload_model() {}

pub(crate) use self::{__path_load_model as LoadModelPath, __path_unload_model as UnloadModelPath};

pub(crate) async fn act(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(name_and_verb): Path<String>,
) -> Result<Json<Model>, Problem> {
    let mut inference = gateway.inference.clone();
    let timeout = gateway.call_timeout;
    let model = match name_and_verb.rsplit_once(':') {
        Some((name, "load")) => {
            let name = name.to_owned();
            let request = context.call(LoadModelRequest { name }, timeout);
            message(inference.load_model(request).await)?.model
        }
        Some((name, "unload")) => {
            let name = name.to_owned();
            let request = context.call(UnloadModelRequest { name }, timeout);
            message(inference.unload_model(request).await)?.model
        }
        _ => return Err(RequestError::NoSuchRoute.into()),
    };
    Ok(Json(model.unwrap_or_default().into()))
}
