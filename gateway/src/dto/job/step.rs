//! What is done to the images of a job.

use std::collections::{BTreeMap, HashMap};

use pupila_proto::history::v1::{self as proto, ModelStep, OperationStep, step::Kind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::dto::parameter::ParameterValue;

/// One thing that is done to an image.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Step {
    /// Makes another image of it. Operations in a row make one image together, and what follows sees that image.
    Operation {
        /// Its name.
        #[schema(example = "resize")]
        operation: String,
        /// What was set.
        #[schema(example = json!({"width": 300}))]
        parameters: BTreeMap<String, ParameterValue>,
    },
    /// Asks a model about it.
    Model {
        /// The model's name.
        #[schema(example = "pneumonia")]
        model: String,
        /// The version: the newest when the job was made, where none was named.
        version: u32,
        /// What was set.
        #[schema(example = json!({"threshold": 0.4}))]
        parameters: BTreeMap<String, ParameterValue>,
    },
}

impl From<proto::Step> for Step {
    fn from(step: proto::Step) -> Self {
        match step.kind {
            Some(Kind::Model(step)) => step.into(),
            Some(Kind::Operation(step)) => step.into(),
            None => OperationStep::default().into(),
        }
    }
}

impl From<OperationStep> for Step {
    fn from(step: OperationStep) -> Self {
        let declaration = pupila_operations::declaration(&step.name);
        let value = |name: &str, text: String| {
            let declared = declaration.and_then(|declaration| declaration.parameter(name));
            match declared {
                Some(parameter) => ParameterValue::of_operation(&parameter.kind, text),
                // Declared by another release.
                None => ParameterValue::Text(text),
            }
        };
        Self::Operation {
            parameters: typed(step.parameters, value),
            operation: step.name,
        }
    }
}

impl From<ModelStep> for Step {
    fn from(step: ModelStep) -> Self {
        Self::Model {
            model: step.model,
            version: step.version,
            parameters: typed(step.parameters, |_, text| ParameterValue::of_model(text)),
        }
    }
}

fn typed(
    parameters: HashMap<String, String>,
    value: impl Fn(&str, String) -> ParameterValue,
) -> BTreeMap<String, ParameterValue> {
    let parameters = parameters.into_iter();
    parameters
        .map(|(name, text)| {
            let value = value(&name, text);
            (name, value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(kind: Kind) -> serde_json::Value {
        let step = Step::from(proto::Step { kind: Some(kind) });
        serde_json::to_value(step).expect("JSON")
    }

    fn parameters(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn parameters_are_told_as_they_are_declared() {
        let resize = Kind::Operation(OperationStep {
            name: "resize".to_owned(),
            parameters: parameters(&[("width", "300"), ("enlarge", "true"), ("fit", "cover")]),
        });
        assert_eq!(
            told(resize),
            json!({
                "operation": "resize",
                "parameters": {"width": 300, "enlarge": true, "fit": "cover"},
            })
        );
        let model = Kind::Model(ModelStep {
            model: "pneumonia".to_owned(),
            version: 2,
            parameters: parameters(&[("threshold", "0.4")]),
        });
        assert_eq!(
            told(model),
            json!({"model": "pneumonia", "version": 2, "parameters": {"threshold": 0.4}})
        );
    }

    #[test]
    fn what_only_another_release_declares_is_told_as_text() {
        let unknown = Kind::Operation(OperationStep {
            name: "fold".to_owned(),
            parameters: parameters(&[("times", "7")]),
        });
        let expected = json!({"operation": "fold", "parameters": {"times": "7"}});
        assert_eq!(told(unknown), expected);
    }
}
