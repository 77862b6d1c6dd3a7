//! What a caller sets on one prediction.

use std::collections::{BTreeMap, HashMap};

use pupila_core::{ErrorCode, Fault, FieldViolation};

use crate::{
    card::{Parameter, ParameterKind},
    error::list,
    model::Model,
};

/// Every declared parameter of a model with the value to use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values(BTreeMap<String, f64>);

/// Parameters that the model does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// Names that its card does not declare.
    #[error("unknown parameters: {names}; known are: {known}")]
    Unknown {
        /// The names, cut to a few.
        names: String,
        /// What the model declares.
        known: String,
    },
    /// A value that is no number, or out of range.
    #[error("parameter {name} must be {allowed}")]
    OutOfRange {
        /// The parameter.
        name: String,
        /// What it may be.
        allowed: String,
    },
}

impl Values {
    /// The values to use for what a caller sent, as text by name.
    ///
    /// # Errors
    /// [`ParameterError`]; all unknown names are told before any wrong value.
    pub fn parse(model: &Model, sent: &HashMap<String, String>) -> Result<Self, ParameterError> {
        let declared = &model.card().parameters;
        let mut unknown: Vec<&str> = sent.keys().map(String::as_str).collect();
        unknown.retain(|name| model.card().parameter(name).is_none());
        if !unknown.is_empty() {
            unknown.sort_unstable();
            return Err(ParameterError::Unknown {
                names: list(&unknown),
                known: match declared.as_slice() {
                    [] => "none".to_owned(),
                    some => list(some.iter().map(|parameter| parameter.name.as_str())),
                },
            });
        }
        let mut values = BTreeMap::new();
        for parameter in declared {
            let value = match sent.get(&parameter.name) {
                Some(text) => read(parameter, text)?,
                None => model
                    .default_of(&parameter.name)
                    .unwrap_or(parameter.default),
            };
            values.insert(parameter.name.clone(), value);
        }
        Ok(Self(values))
    }

    /// The value of one parameter; `None` if the model does not declare it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// All values by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

fn read(parameter: &Parameter, text: &str) -> Result<f64, ParameterError> {
    let in_range = |value: &f64| (parameter.minimum..=parameter.maximum).contains(value);
    let right_kind = |value: &f64| parameter.kind == ParameterKind::Number || value.fract() == 0.0;
    let value = text.trim().parse().ok();
    value.filter(in_range).filter(right_kind).ok_or_else(|| {
        let kind = match parameter.kind {
            ParameterKind::Number => "a number",
            ParameterKind::Integer => "a whole number",
        };
        ParameterError::OutOfRange {
            name: parameter.name.clone(),
            allowed: format!("{kind} from {} to {}", parameter.minimum, parameter.maximum),
        }
    })
}

impl Fault for ParameterError {
    fn code(&self) -> ErrorCode {
        ErrorCode::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "UNKNOWN_PARAMETER",
            Self::OutOfRange { .. } => "PARAMETER_OUT_OF_RANGE",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        vec![match self {
            Self::Unknown { .. } => FieldViolation::new("parameters", self.to_string()),
            Self::OutOfRange { name, allowed } => {
                FieldViolation::new(format!("parameters/{name}"), format!("must be {allowed}"))
            }
        }]
    }
}
