//! The request headers that downloads understand, for their description. `wanted` reads them.

use utoipa::{
    IntoParams,
    openapi::{
        Object, Type,
        path::{Parameter, ParameterIn},
    },
};

use crate::openapi;

/// `If-None-Match`.
pub(crate) struct IfNoneMatch;

/// `Range`, and what it depends on.
pub(crate) struct Range;

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header("If-None-Match", "Entity tags that the caller has")]
    }
}

impl IntoParams for Range {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            header("Range", "Such as `bytes=0-1023` or `bytes=-500`"),
            header("If-Range", "The entity tag of the part that the caller has"),
        ]
    }
}

fn header(name: &str, description: &str) -> Parameter {
    openapi::header(name, description, Object::with_type(Type::String))
}
