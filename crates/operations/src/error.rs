//! What cannot be done to an image.

use pupila_core::{ErrorCode, Fault, FieldViolation};

use crate::declaration::{Declaration, Parameter};

/// Why something that a caller asked for is no operation. The `Display` texts are written for them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OperationError {
    /// There is none of that name.
    #[error("there is no operation {name}; known are: {known}")]
    UnknownOperation {
        /// What was asked for, cut.
        name: String,
        /// All that there are.
        known: String,
    },
    /// Names that the operation does not declare.
    #[error("{operation} does not take {names}; it takes: {known}")]
    UnknownParameter {
        /// The operation.
        operation: &'static str,
        /// The names, cut to a few.
        names: String,
        /// What it declares.
        known: String,
    },
    /// Parameters that have no default and were not sent; at least one.
    #[error("{} missing", .0.join(", "))]
    Missing(Vec<&'static str>),
    /// Values that are not of the declared kind or range; at least one.
    #[error("{}", sentence(.0))]
    OutOfRange(Vec<ParameterFault>),
    /// Values that are sound, but do not go together.
    #[error("{}: {rule}", .parameters.join(" and "))]
    Combination {
        /// The parameters.
        parameters: &'static [&'static str],
        /// What must hold.
        rule: &'static str,
    },
}

/// A parameter and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterFault {
    /// The parameter's name.
    pub name: &'static str,
    /// What it may be: "a number from 0 to 1".
    pub allowed: String,
}

impl ParameterFault {
    pub(crate) fn of(parameter: &Parameter) -> Self {
        Self {
            name: parameter.name,
            allowed: parameter.kind.to_string(),
        }
    }
}

impl OperationError {
    pub(crate) fn unknown_operation(name: &str) -> Self {
        let known = crate::catalogue().iter();
        Self::UnknownOperation {
            name: quote(name),
            known: list(known.map(|declaration| declaration.name)),
        }
    }

    pub(crate) fn unknown_parameter(declaration: &Declaration, names: &[&str]) -> Self {
        /// Most names that are quoted back.
        const MOST: usize = 5;
        let known = declaration.parameters.iter();
        Self::UnknownParameter {
            operation: declaration.name,
            names: list(names.iter().take(MOST)),
            known: match declaration.parameters {
                [] => "no parameters".to_owned(),
                _ => list(known.map(|parameter| parameter.name)),
            },
        }
    }
}

impl Fault for OperationError {
    fn code(&self) -> ErrorCode {
        ErrorCode::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownOperation { .. } => "UNKNOWN_OPERATION",
            Self::UnknownParameter { .. } => "UNKNOWN_PARAMETER",
            Self::Missing(_) | Self::Combination { .. } => "INVALID_ARGUMENT",
            Self::OutOfRange(_) => "PARAMETER_OUT_OF_RANGE",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        let at = |name: &str, text: String| FieldViolation::new(format!("parameters/{name}"), text);
        match self {
            Self::UnknownOperation { .. } => {
                vec![FieldViolation::new("operation", self.to_string())]
            }
            Self::UnknownParameter { .. } => {
                vec![FieldViolation::new("parameters", self.to_string())]
            }
            Self::Missing(names) => names
                .iter()
                .map(|name| at(name, "is missing".to_owned()))
                .collect(),
            Self::OutOfRange(faults) => faults
                .iter()
                .map(|fault| at(fault.name, format!("must be {}", fault.allowed)))
                .collect(),
            Self::Combination { parameters, rule } => parameters
                .iter()
                .map(|name| at(name, format!("{}: {rule}", parameters.join(" and "))))
                .collect(),
        }
    }
}

fn sentence(faults: &[ParameterFault]) -> String {
    let faults: Vec<String> = faults
        .iter()
        .map(|fault| format!("parameter {} must be {}", fault.name, fault.allowed))
        .collect();
    faults.join("; ")
}

fn list<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| quote(name.as_ref())).collect();
    names.join(", ")
}

/// A name that a caller sent, cut and without what could forge a log line.
fn quote(name: &str) -> String {
    const LONGEST: usize = 64;
    let plain = name.chars().filter(|letter| !letter.is_control());
    format!("`{}`", plain.take(LONGEST).collect::<String>())
}
