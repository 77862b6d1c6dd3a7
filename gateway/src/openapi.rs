//! The OpenAPI document, made from the handlers themselves.

use axum::Router;
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, OpenApi, Path, ToSchema,
    openapi::{Content, Ref, RefOr, Response},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    app::Gateway,
    problem::{self, FieldError, ProblemBody},
    routes,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pupila",
        description = "Self-hosted image analysis: upload an image, run a model on it, find every answer again.\n\n\
            Errors are `application/problem+json` (RFC 9457). Times are RFC 3339 in UTC. Scores are 0..1. \
            Every answer carries `x-request-id`.",
    ),
    components(schemas(ProblemBody, FieldError)),
    tags(
        (name = "compatible", description = "Entrances that existing clients use"),
        (name = "models", description = "What can be asked"),
        (name = "predictions", description = "Asking, and everything that was ever answered"),
    ),
)]
struct Document;

/// The document of the whole API.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    split(routes::all()).1
}

/// The routes, and the document that describes them.
pub(crate) fn split(routes: OpenApiRouter<Gateway>) -> (Router<Gateway>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(routes)
        .split_for_parts()
}

/// Describes, under `tag`, a call that is routed by another.
pub(crate) fn describe<P: Path, S>(mut router: OpenApiRouter<S>, tag: &str) -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let mut operation = P::operation();
    operation.tags = Some(vec![tag.to_owned()]);
    let paths = &mut router.get_openapi_mut().paths;
    for method in P::methods() {
        paths.add_path_operation(P::path(), vec![method], operation.clone());
    }
    router
}

/// Every error of the API.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let schema = Ref::from_schema_name("Problem");
        let response = Response::builder()
            .description("What went wrong; `code` tells it to programs")
            .content(problem::MEDIA_TYPE, Content::new(Some(schema)))
            .build();
        BTreeMap::from([("default".to_owned(), response.into())])
    }
}

/// A form with one image.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; `upload` reads it")]
pub(crate) struct FileForm {
    /// PNG, JPEG, GIF, WebP, BMP or TIFF.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A form with one image and how to analyse it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; `create_prediction` reads it")]
pub(crate) struct PredictionForm {
    /// PNG, JPEG, GIF, WebP, BMP or TIFF.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The model; the default one where it is left out.
    model: Option<String>,
    /// The version; the newest where it is left out.
    version: Option<u32>,
    /// A JSON object with the parameters that the model declares.
    #[schema(example = "{\"threshold\": 0.4}")]
    parameters: Option<String>,
}
