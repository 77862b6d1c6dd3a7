//! The OpenAPI document, made from the handlers themselves.

mod problems;

use std::ops::RangeInclusive;

use axum::Router;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        Object, ObjectBuilder, RefOr, Required, Schema, Type,
        path::{Parameter, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

pub(crate) use self::problems::{
    BadFile, BadJson, Conflict, NoSuchRange, NotFound, PreconditionFailed, Problems,
    PublicProblems, Unprocessable,
};
use crate::{
    app::Gateway,
    layers::undeclared::Calls,
    problem::{FieldError, FileProblem, ProblemBody},
    routes,
    verbs::Verbs,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pupila",
        description = "Self-hosted image analysis: upload an image, run a model on it, find every answer again.\n\n\
            Errors are `application/problem+json` (RFC 9457). Times are RFC 3339 in UTC. Scores are 0..1. \
            Every answer carries `x-request-id`.",
    ),
    components(schemas(ProblemBody, FileProblem, FieldError)),
    modifiers(&Shared),
    tags(
        (name = "compatible", description = "Entrances that existing clients use"),
        (name = "auth", description = "Signing in and out"),
        (name = "me", description = "The caller's own account"),
        (name = "admin", description = "For administrators"),
        (name = "images", description = "Storing images, and getting them as they are or as they are wanted"),
        (name = "albums", description = "Images put together, and shared"),
        (name = "models", description = "What can be asked"),
        (name = "predictions", description = "Asking, and everything that was ever answered"),
        (name = "jobs", description = "Work over many images: asked for, watched, and taken home"),
        (name = "notifications", description = "Being told that a job ended"),
    ),
)]
struct Document;

/// The document of the whole API.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    split(routes::all()).document
}

/// Routes, and what is told of them.
pub(crate) struct Api {
    pub(crate) routes: Router<Gateway>,
    pub(crate) calls: Calls,
    pub(crate) verbs: Verbs,
    pub(crate) document: utoipa::openapi::OpenApi,
}

/// Parts the routes from their description.
pub(crate) fn split(routes: OpenApiRouter<Gateway>) -> Api {
    let (routes, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .merge(routes)
        .split_for_parts();
    Api {
        routes,
        // Before their addresses are written as callers do.
        calls: Calls::of(&document),
        verbs: Verbs::settle(&mut document),
        document,
    }
}

/// A header that a call takes.
pub(crate) fn header(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    Parameter::builder()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// A text of so many characters.
pub(crate) fn text(length: RangeInclusive<usize>) -> ObjectBuilder {
    Object::builder()
        .schema_type(Type::String)
        .min_length(Some(*length.start()))
        .max_length(Some(*length.end()))
}

/// What calls refer to: how callers tell who they are, and what can go wrong.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The access token of a session (`POST /v1/auth/login`), or an API key (`POST /v1/me/api-keys`). A server \
                 without accounts (`gateway.auth.mode = \"off\"`) needs none.",
            ));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme.build()));
        problems::register(components);
    }
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only described")]
pub(crate) struct File(Vec<u8>);

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

#[cfg(test)]
mod tests;
