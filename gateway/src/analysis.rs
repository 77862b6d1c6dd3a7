//! How a model is to be asked, as HTTP callers write it.

use std::collections::HashMap;

use serde_json::Value;

use crate::error::RequestError;

/// How an image is to be analysed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// The model; empty for the default one.
    pub(crate) model: String,
    /// The version; `None` for the newest.
    pub(crate) version: Option<u32>,
    /// Values by parameter name, as text.
    pub(crate) parameters: HashMap<String, String>,
}

/// A model's version as a caller writes it.
pub(crate) fn read_version(text: &str) -> Result<u32, RequestError> {
    match text.parse() {
        Ok(version) if version > 0 => Ok(version),
        _ => Err(RequestError::invalid(
            "version",
            "must be a whole number from 1",
        )),
    }
}

/// The values of parameters: numbers, or texts that hold numbers.
pub(crate) fn read_parameters(
    object: HashMap<String, Value>,
) -> Result<HashMap<String, String>, RequestError> {
    object
        .into_iter()
        .map(|(name, value)| match value {
            Value::Number(number) => Ok((name, number.to_string())),
            Value::String(text) => Ok((name, text)),
            _ => Err(RequestError::invalid(
                format!("parameters/{name}"),
                "must be a number",
            )),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> HashMap<String, Value> {
        serde_json::from_value(value).expect("an object")
    }

    #[test]
    fn parameters_are_numbers_by_name() {
        let parameters = read_parameters(object(json!({"threshold": 0.4, "top_k": "3"})));
        let parameters = parameters.expect("valid");
        assert_eq!(parameters["threshold"], "0.4");
        assert_eq!(parameters["top_k"], "3");
        for value in [json!([1]), json!(null), json!({}), json!(true)] {
            let parameters = object(json!({"threshold": value}));
            assert!(read_parameters(parameters).is_err(), "{value}");
        }
    }

    #[test]
    fn a_version_is_a_whole_number_from_1() {
        assert_eq!(read_version("7").expect("a version"), 7);
        for text in ["", "-1", "0", "1.5", "newest", "99999999999"] {
            assert!(read_version(text).is_err(), "{text}");
        }
    }
}
