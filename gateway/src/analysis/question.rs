//! What is asked of a model.

use std::collections::HashMap;

use bytes::Bytes;
use pupila_core::Digest;
use pupila_proto::history::v1::Prediction;
use serde_json::Value;

use crate::{error::RequestError, picture::Picture};

/// One image for one model.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The name of the file; may be empty.
    pub filename: String,
    /// The encoded image.
    pub image: Bytes,
    /// The stored image that the bytes are of, UUID in text form; empty where they were only sent along.
    pub image_id: String,
    /// The model; empty for the default one.
    pub model: String,
    /// The version; `None` for the newest.
    pub version: Option<u32>,
    /// Values by parameter name, as text.
    pub parameters: HashMap<String, String>,
    /// The prediction that this one repeats, UUID in text form; empty for none.
    pub replay_of: String,
    /// Makes a repeated question find the first answer; empty for none.
    pub idempotency_key: String,
}

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

impl Question {
    /// The question that every entrance asks.
    pub(crate) fn new(picture: &Picture, options: Options) -> Self {
        Self {
            filename: picture.filename.clone(),
            image: picture.bytes.clone(),
            image_id: picture.image_id.clone(),
            model: options.model,
            version: options.version,
            parameters: options.parameters,
            ..Self::default()
        }
    }

    /// Whether `record` answers this very question: what it leaves open may be anything.
    pub(super) fn is_answered_by(&self, record: &Prediction) -> bool {
        let same_parameter = |(name, text): (&String, &String)| {
            let value = text.parse().ok();
            value.is_some_and(|value: f64| record.parameters.get(name) == Some(&value))
        };
        record.image_sha256 == Digest::of(&self.image).to_string()
            && record.image_id == self.image_id
            && record.replay_of == self.replay_of
            && (self.model.is_empty() || record.model == self.model)
            && self.version.is_none_or(|version| record.version == version)
            && self.parameters.iter().all(same_parameter)
    }
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

    #[test]
    fn a_record_answers_what_it_was_asked() {
        let record = Prediction {
            image_sha256: Digest::of(b"x-ray").to_string(),
            model: "pneumonia".to_owned(),
            version: 2,
            parameters: HashMap::from([("threshold".to_owned(), 0.5)]),
            ..Prediction::default()
        };
        let question = Question {
            image: Bytes::from_static(b"x-ray"),
            ..Question::default()
        };
        let threshold = |text: &str| HashMap::from([("threshold".to_owned(), text.to_owned())]);
        assert!(question.is_answered_by(&record));
        let same = Question {
            model: "pneumonia".to_owned(),
            version: Some(2),
            parameters: threshold("0.50"),
            ..question.clone()
        };
        assert!(same.is_answered_by(&record));
        let others = [
            Question {
                image: Bytes::from_static(b"other"),
                ..same.clone()
            },
            Question {
                image_id: "1".to_owned(),
                ..same.clone()
            },
            Question {
                model: "cats".to_owned(),
                ..same.clone()
            },
            Question {
                version: Some(1),
                ..same.clone()
            },
            Question {
                parameters: threshold("0.4"),
                ..same.clone()
            },
            Question {
                replay_of: "1".to_owned(),
                ..same
            },
        ];
        for other in others {
            assert!(!other.is_answered_by(&record), "{other:?}");
        }
    }
}
