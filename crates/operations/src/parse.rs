//! From what a caller sent to an operation.

use std::collections::HashMap;

use crate::{
    declaration::Declaration,
    error::{OperationError, ParameterFault},
    operation::Operation,
    rules,
    value::Values,
};

type Sent = HashMap<String, String>;

impl Operation {
    /// The operation of that name with what a caller set on it, as text by name.
    ///
    /// # Errors
    /// [`OperationError`]. Unknown parameters are told before missing ones, these before wrong values; of each kind all.
    pub fn parse(name: &str, parameters: &Sent) -> Result<Self, OperationError> {
        let declaration =
            crate::declaration(name).ok_or_else(|| OperationError::unknown_operation(name))?;
        check_names(declaration, parameters)?;
        check_missing(declaration, parameters)?;
        check_values(declaration, parameters)?;
        let values = Values {
            declaration,
            sent: parameters,
        };
        let operation = Self::read(&values).ok_or_else(|| {
            let declared = declaration.parameters.iter();
            OperationError::OutOfRange(declared.map(ParameterFault::of).collect())
        })?;
        rules::check(&operation)?;
        Ok(operation)
    }
}

fn check_names(declaration: &Declaration, sent: &Sent) -> Result<(), OperationError> {
    let mut unknown: Vec<&str> = sent.keys().map(String::as_str).collect();
    unknown.retain(|name| declaration.parameter(name).is_none());
    if unknown.is_empty() {
        return Ok(());
    }
    unknown.sort_unstable();
    Err(OperationError::unknown_parameter(declaration, &unknown))
}

fn check_missing(declaration: &Declaration, sent: &Sent) -> Result<(), OperationError> {
    let required = declaration.parameters.iter().filter(|it| it.required);
    let missing: Vec<&'static str> = required
        .map(|parameter| parameter.name)
        .filter(|name| !sent.contains_key(*name))
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(OperationError::Missing(missing)),
    }
}

fn check_values(declaration: &Declaration, sent: &Sent) -> Result<(), OperationError> {
    let declared = declaration.parameters.iter();
    let wrong: Vec<ParameterFault> = declared
        .filter(|parameter| {
            let text = sent.get(parameter.name);
            text.is_some_and(|text| !parameter.kind.allows(text))
        })
        .map(ParameterFault::of)
        .collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(OperationError::OutOfRange(wrong)),
    }
}
