//! Steps as callers write them.

use std::{collections::HashMap, num::NonZeroU32};

use pupila_operations::Operation;
use pupila_proto::history::v1::{ModelStep, OperationStep, Step, step::Kind};
use pupila_proto::inference::v1::ResolveModelRequest;
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{number, parameter::ParameterValue},
    error::RequestError,
    problem::{Problem, message},
};

/// Something to do to each image: an `operation`, or a `model` to ask.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepOrder {
    /// An operation: `GET /v1/operations` lists them. Those in a row make one image together, and what follows sees it.
    #[schema(example = "resize")]
    operation: Option<String>,
    /// A model.
    #[schema(example = "pneumonia")]
    model: Option<String>,
    /// The model's version; the newest where it is left out.
    #[serde(default, deserialize_with = "number::version")]
    #[schema(value_type = Option<u32>, minimum = 1)]
    version: Option<NonZeroU32>,
    /// The parameters that the operation or the model declares: numbers, booleans, or texts that may hold them.
    #[serde(default)]
    #[schema(value_type = HashMap<String, ParameterValue>, example = json!({"width": 300}))]
    parameters: HashMap<String, Value>,
}

impl StepOrder {
    /// The step as it is kept, at its `place` in the request. The version of a model is pinned.
    ///
    /// # Errors
    /// It cannot be done; what is wrong lies below `place`.
    pub(super) async fn check(
        self,
        gateway: &Gateway,
        context: &RequestContext,
        place: &str,
    ) -> Result<Step, Problem> {
        let parameters = self.parameters.into_iter().map(read_value);
        let parameters = parameters
            .collect::<Result<HashMap<_, _>, _>>()
            .map_err(|error| Problem::from(error).within(place))?;
        let kind = match (self.operation, self.model) {
            (Some(name), None) if self.version.is_none() => operation(name, parameters),
            (Some(_), None) => Err(only("version", "only a model has versions")),
            (None, Some(model)) => {
                let version = self.version.map(NonZeroU32::get);
                let request = ResolveModelRequest {
                    model,
                    version,
                    parameters: parameters.clone(),
                };
                let request = context.call(request, gateway.call_timeout);
                let resolved = message(gateway.inference.clone().resolve_model(request).await);
                resolved.map(|resolved| {
                    Kind::Model(ModelStep {
                        model: resolved.model,
                        version: resolved.version,
                        parameters,
                    })
                })
            }
            _ => {
                let description = "must have either `operation` or `model`";
                return Err(RequestError::invalid(place, description).into());
            }
        };
        let kind = kind.map_err(|problem| problem.within(place))?;
        Ok(Step { kind: Some(kind) })
    }
}

fn operation(name: String, parameters: HashMap<String, String>) -> Result<Kind, Problem> {
    // It is told to workers as it was asked for; they read it as this does.
    Operation::parse(&name, &parameters)?;
    Ok(Kind::Operation(OperationStep { name, parameters }))
}

fn only(field: &str, description: &str) -> Problem {
    RequestError::invalid(field, description).into()
}

/// The value of a parameter, as text.
fn read_value((name, value): (String, Value)) -> Result<(String, String), RequestError> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            let description = "must be a number, a text or a boolean";
            return Err(RequestError::invalid(
                format!("parameters/{name}"),
                description,
            ));
        }
    };
    Ok((name, text))
}
