//! Creations that may be repeated: `Idempotency-Key`.

use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use pupila_core::Digest;
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use crate::{error::RequestError, openapi, problem::Problem};

/// The header, as in draft-ietf-httpapi-idempotency-key-header but without its quotation marks.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest key, in characters.
const MAX_KEY: usize = pupila_core::IdempotencyKey::MAX_LEN;

/// What a caller names a creation by, so that a repeated call finds what the first one made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl IdempotencyKey {
    /// As the messages of services tell it: empty for none.
    pub(crate) fn into_text(self) -> String {
        self.0.unwrap_or_default()
    }

    /// That of the resource `number`, counted from 0, of a call which makes several: its own for the first, which may be
    /// the only one, and for each other a digest of it and the number, which no other key of a caller's leads to.
    pub(crate) fn of_part(&self, number: usize) -> Self {
        match &self.0 {
            // A space is in no key, so that no two pairs are the same text.
            Some(key) if number > 0 => {
                let digest = Digest::of(format!("{key} {number}").as_bytes());
                Self(Some(digest.to_string()))
            }
            _ => self.clone(),
        }
    }

    /// That of the image number `number`, counted from 0, which a job is made of. It is nobody's own: the caller's names
    /// the job.
    pub(crate) fn of_job_image(&self, number: usize) -> Self {
        Self(self.0.as_ref().map(|key| {
            let digest = Digest::of(format!("job {key} {number}").as_bytes());
            digest.to_string()
        }))
    }

    fn read(headers: &HeaderMap) -> Result<Self, RequestError> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).into_iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        if values.next().is_some() {
            return Err(RequestError::repeated(IDEMPOTENCY_KEY));
        }
        let key = value.to_str().ok().filter(|key| is_key(key));
        let key = key.ok_or_else(|| {
            RequestError::invalid(
                IDEMPOTENCY_KEY,
                format!("must be 1 to {MAX_KEY} visible ASCII characters"),
            )
        })?;
        Ok(Self(Some(key.to_owned())))
    }
}

fn is_key(text: &str) -> bool {
    text.parse::<pupila_core::IdempotencyKey>().is_ok()
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::read(&parts.headers)?)
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![openapi::header(
            "Idempotency-Key",
            "Names this creation: a repeated call with the same content finds what the first one made",
            openapi::text(1..=MAX_KEY).pattern(Some("^[!-~]+$")),
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Result<Option<String>, RequestError> {
        let name = http::HeaderName::from_static(IDEMPOTENCY_KEY);
        let values = values
            .iter()
            .map(|text| (name.clone(), text.parse().expect("a value")));
        IdempotencyKey::read(&values.collect()).map(|IdempotencyKey(key)| key)
    }

    #[test]
    fn a_key_is_plain_and_short() {
        assert_eq!(read(&[]).expect("none"), None);
        let longest = "k".repeat(MAX_KEY);
        for key in ["4f6c-1", "\"quoted\"", &longest] {
            assert_eq!(read(&[key]).expect("a key"), Some(key.to_owned()));
        }
        for key in ["", "a b", "ñ", &"k".repeat(MAX_KEY + 1)] {
            assert!(read(&[key]).is_err(), "{key}");
        }
        assert!(read(&["a", "b"]).is_err());
    }

    #[test]
    fn each_part_has_a_key_of_its_own() {
        let whole = |text: &str| IdempotencyKey(Some(text.to_owned()));
        let key = whole("a");
        assert_eq!(key.of_part(0), key);
        assert_eq!(key.of_part(1), key.of_part(1));
        assert_ne!(key.of_part(1), key.of_part(2));
        assert_ne!(key.of_part(11), whole("a1").of_part(1));
        assert_ne!(key.of_job_image(0), key);
        assert_ne!(key.of_job_image(1), key.of_part(1));
        assert_ne!(key.of_job_image(11), whole("a1").of_job_image(1));
        let longest = whole(&"k".repeat(MAX_KEY)).of_part(999).into_text();
        assert!(is_key(&longest), "{longest}");
        assert_eq!(IdempotencyKey(None).of_part(1), IdempotencyKey(None));
    }
}
