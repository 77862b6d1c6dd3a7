//! Conditional changes: `If-Match`.

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use pupila_core::Revision;
use utoipa::{
    IntoParams,
    openapi::{
        Object, Type,
        path::{Parameter, ParameterIn},
    },
};

use crate::{error::RequestError, openapi, problem::Problem};

/// The revision that a resource must have to be changed; `None` where any will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) Option<Revision>);

impl IfMatch {
    /// As the messages of services tell it.
    pub(crate) fn expected_revision(self) -> Option<i64> {
        self.0.map(Revision::get)
    }

    fn read(headers: &HeaderMap) -> Result<Self, RequestError> {
        let mut values = headers.get_all(header::IF_MATCH).into_iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        let tag = value.to_str().map_err(|_| malformed())?.trim();
        if values.next().is_some() || !(tag == "*" || is_entity_tag(tag)) {
            return Err(malformed());
        }
        // That the resource exists is all that `*` asks for, and every change does so.
        if tag == "*" {
            return Ok(Self(None));
        }
        // A weak tag never matches (RFC 9110, section 13.1.1), nor does one that is not ours.
        let revision = tag.parse().map_err(|_| RequestError::NoSuchRevision)?;
        Ok(Self(Some(revision)))
    }
}

/// Whether `text` is one entity tag, and not several.
fn is_entity_tag(text: &str) -> bool {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inside = opaque
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.contains('"'))
}

/// Services compare with one revision, so several tags are refused rather than read as one of them.
fn malformed() -> RequestError {
    let description = "must be one entity tag, such as `\"3\"`, or `*`";
    RequestError::invalid(header::IF_MATCH.as_str(), description)
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::read(&parts.headers)?)
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![openapi::header(
            "If-Match",
            "The `ETag` that the resource must still have, one alone; left out or `*` for any",
            Object::builder()
                .schema_type(Type::String)
                .pattern(Some(r#"^(\*|"[0-9]{1,18}")$"#))
                .examples(["*", "\"3\""]),
        )]
    }
}

#[cfg(test)]
mod tests {
    use pupila_core::Fault as _;

    use super::*;

    fn read(values: &[&str]) -> Result<Option<i64>, &'static str> {
        let values = values
            .iter()
            .map(|text| (header::IF_MATCH, text.parse().expect("a value")));
        IfMatch::read(&values.collect())
            .map(IfMatch::expected_revision)
            .map_err(|error| error.reason())
    }

    #[test]
    fn a_tag_is_the_revision_that_must_still_hold() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["*"]), Ok(None));
        assert_eq!(read(&["\"3\""]), Ok(Some(3)));
    }

    #[test]
    fn what_cannot_match_is_told_from_what_cannot_be_read() {
        for text in ["W/\"3\"", "\"abc\"", "\"a,b\"", "\"\"", "\"-1\""] {
            assert_eq!(read(&[text]), Err("REVISION_MISMATCH"), "{text}");
        }
        for text in ["3", "", "\"", "ñ"] {
            assert_eq!(read(&[text]), Err("INVALID_ARGUMENT"), "{text}");
        }
    }

    #[test]
    fn several_tags_are_not_taken_for_one_of_them() {
        for text in ["\"3\", \"4\"", "\"3\",", "*, \"3\"", "3, \"abc\""] {
            assert_eq!(read(&[text]), Err("INVALID_ARGUMENT"), "{text}");
        }
        assert_eq!(read(&["\"3\"", "\"4\""]), Err("INVALID_ARGUMENT"));
    }
}
