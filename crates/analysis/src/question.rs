//! What is asked of a model.

use std::collections::HashMap;

use bytes::Bytes;
use pupila_core::Digest;
use pupila_proto::history::v1::Prediction;

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

impl Question {
    /// Whether `record` answers this very question: what it leaves open may be anything.
    pub(crate) fn is_answered_by(&self, record: &Prediction) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
