//! A step on the command line: `resize width=512`, or `model pneumonia threshold=0.4`.

use std::{collections::BTreeMap, str::FromStr};

use serde::Serialize;

/// What is done to each image, as the API takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Step {
    /// Makes another image of it.
    Operation {
        operation: String,
        parameters: BTreeMap<String, String>,
    },
    /// Asks a model about it.
    Model {
        model: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        parameters: BTreeMap<String, String>,
    },
}

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = shlex::split(text).ok_or("a quotation mark is not closed")?;
        let mut words = words.into_iter();
        let first = words.next().ok_or("must not be empty")?;
        if first != "model" {
            let parameters = parameters(words)?;
            return Ok(Self::Operation {
                operation: first,
                parameters,
            });
        }
        let model = words.next().ok_or("`model` must be followed by its name")?;
        let mut parameters = parameters(words)?;
        let version = parameters.remove("version").map(|text| text.parse());
        let version = version
            .transpose()
            .map_err(|_| "version must be a whole number")?;
        Ok(Self::Model {
            model,
            version,
            parameters,
        })
    }
}

fn parameters(words: impl Iterator<Item = String>) -> Result<BTreeMap<String, String>, String> {
    let mut parameters = BTreeMap::new();
    for word in words {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| format!("`{word}` must be NAME=VALUE"))?;
        if parameters
            .insert(name.to_owned(), value.to_owned())
            .is_some()
        {
            return Err(format!("`{name}` is there twice"));
        }
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn as_json(text: &str) -> serde_json::Value {
        let step: Step = text.parse().expect("a step");
        serde_json::to_value(step).expect("JSON")
    }

    #[test]
    fn a_step_is_an_operation_or_a_model() {
        assert_eq!(
            as_json("watermark_text 'text=Ana, 2026' opacity=0.5"),
            json!({"operation": "watermark_text", "parameters": {"text": "Ana, 2026", "opacity": "0.5"}})
        );
        assert_eq!(
            as_json("model pneumonia version=1 threshold=0.4"),
            json!({"model": "pneumonia", "version": 1, "parameters": {"threshold": "0.4"}})
        );
    }

    #[test]
    fn what_is_no_step_is_told() {
        for (text, told) in [
            ("", "empty"),
            ("model", "name"),
            ("resize 300", "NAME=VALUE"),
            ("text 'a", "quotation"),
            ("resize width=100 width=50", "`width` is there twice"),
            ("model m version=new", "whole number"),
        ] {
            let error = text.parse::<Step>().expect_err(text);
            assert!(error.contains(told), "{error}");
        }
    }
}
