//! Operations.

use pupila_operations::Declaration;
use serde::Serialize;
use utoipa::ToSchema;

use super::parameter::Parameter;

/// Something that can be done to an image.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Operation {
    /// The name that a step asks for it by.
    #[schema(example = "resize")]
    name: &'static str,
    /// What it does.
    description: &'static str,
    /// What a step may set.
    parameters: Vec<Parameter>,
}

impl From<&Declaration> for Operation {
    fn from(declaration: &Declaration) -> Self {
        Self {
            name: declaration.name,
            description: declaration.description,
            parameters: declaration.parameters.iter().map(Parameter::from).collect(),
        }
    }
}
