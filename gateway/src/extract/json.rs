//! JSON bodies.

mod body;

use axum::{
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::{media_type::media_type, wanted::wanted};
use crate::{app::Gateway, error::RequestError, problem::Problem};

/// Longest body, in bytes: ten times as long as any that makes sense.
const MAX_BODY: usize = 256 << 10;
/// Longest body with a list of thousands of ids, in bytes.
const MAX_LONG_BODY: usize = 1 << 20;
/// Longest body of a stranger, in bytes.
const MAX_STRANGERS_BODY: usize = 16 << 10;
/// Of what is wrong, as much is told, in characters: it repeats what was sent.
const MAX_TEXT: usize = 300;

/// A JSON object as `T`; in answers, anything. `T` should deny unknown fields.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

/// The same with a list of thousands of ids: it may be longer.
#[derive(Debug)]
pub(crate) struct LongJson<T>(pub(crate) T);

/// The same of somebody who need not be known: it must be shorter.
#[derive(Debug)]
pub(crate) struct StrangersJson<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Gateway> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Self::Rejection> {
        Ok(read(request, gateway, MAX_BODY).await.map(Self)?)
    }
}

impl<T: DeserializeOwned> FromRequest<Gateway> for LongJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Self::Rejection> {
        Ok(read(request, gateway, MAX_LONG_BODY).await.map(Self)?)
    }
}

impl<T: DeserializeOwned> FromRequest<Gateway> for StrangersJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Self::Rejection> {
        Ok(read(request, gateway, MAX_STRANGERS_BODY).await.map(Self)?)
    }
}

async fn read<T: DeserializeOwned>(
    request: Request,
    gateway: &Gateway,
    limit: usize,
) -> Result<T, RequestError> {
    if !is_json(request.headers()) {
        return Err(RequestError::NotJson);
    }
    let (bytes, _share) = body::read(request.into_body(), limit, &gateway.uploads).await?;
    parse(&bytes)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Whether the body says that it is JSON: `application/json`, or a type that is built on it (RFC 6839).
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let essence = media_type(headers);
    let subtype = essence.strip_prefix("application/");
    subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RequestError> {
    // Deserialize takes an array for a struct, too: its values in order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(RequestError::NotAnObject);
    }
    parse_at("", bytes)
}

/// The JSON of a field of a form as `T`.
pub(crate) fn parse_field<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, RequestError> {
    parse_at(field, text.as_bytes()).map_err(|error| match error {
        RequestError::BrokenJson(reason) => {
            RequestError::invalid(field, format!("is not JSON: {reason}"))
        }
        error => error,
    })
}

/// JSON that lies at `root` in the request.
fn parse_at<T: DeserializeOwned>(root: &str, bytes: &[u8]) -> Result<T, RequestError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = place(root, error.path());
        told(&place, &error.into_inner())
    })?;
    json.end().map_err(|error| told(root, &error))?;
    Ok(value)
}

/// What is wrong, in our words. Which field is missing or unknown only the text of serde's error tells.
fn told(place: &str, error: &serde_json::Error) -> RequestError {
    let text = error.to_string();
    if error.classify() != Category::Data {
        return RequestError::BrokenJson(text);
    }
    let text = text
        .rsplit_once(" at line ")
        .map_or(&*text, |(text, _)| text);
    if let Some(name) = quoted(text, "missing field ") {
        return RequestError::invalid(inside(place, name), "is missing");
    }
    if let Some(name) = quoted(text, "unknown field ") {
        return RequestError::unknown(&inside(place, name));
    }
    if let Some(name) = quoted(text, "duplicate field ") {
        return RequestError::repeated(&inside(place, name));
    }
    let description =
        wanted(text).map_or_else(|| text.to_owned(), |kind| format!("must be {kind}"));
    RequestError::invalid(
        place,
        description.chars().take(MAX_TEXT).collect::<String>(),
    )
}

/// The name between backticks after `start`.
fn quoted<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let name = text.strip_prefix(start)?.strip_prefix('`')?;
    name.rsplit_once('`')
        .map(|(name, _)| name.split("`, expected ").next().unwrap_or(name))
}

/// The field `name` of what lies at `place`, which some errors have in their path already.
fn inside(place: &str, name: &str) -> String {
    match place {
        "" => name.to_owned(),
        place if place == name || place.ends_with(&format!("/{name}")) => place.to_owned(),
        place => format!("{place}/{name}"),
    }
}

/// The path from `root`, with `/` between its names.
fn place(root: &str, path: &Path) -> String {
    let root = (!root.is_empty()).then(|| root.to_owned());
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    let segments: Vec<_> = root.into_iter().chain(segments).collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use http::header;
    use pupila_core::Fault as _;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Sample {
        name: String,
        places: Vec<Place>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Place {
        left: f64,
    }

    fn fault(text: &str) -> (String, String) {
        let error = parse::<Sample>(text.as_bytes()).expect_err(text);
        let violations = error.violations();
        let field = violations.first().map(|violation| violation.field.clone());
        (field.unwrap_or_default(), error.to_string())
    }

    #[test]
    fn a_fault_names_its_field() {
        let cases = [
            (r#"{"places": []}"#, "name", "is missing"),
            (r#"{"name": 5, "places": []}"#, "name", "must be a text"),
            (
                r#"{"name": "", "places": [{"left": 1}, {}]}"#,
                "places/1/left",
                "is missing",
            ),
            (
                r#"{"name": "", "places": [{"left": "a"}]}"#,
                "places/0/left",
                "must be a number",
            ),
            (
                r#"{"name": "", "nmae": ""}"#,
                "nmae",
                "the field `nmae` is not known here",
            ),
            (
                r#"{"places": [{"right": 1}]}"#,
                "places/0/right",
                "the field `places/0/right` is not known here",
            ),
            (
                r#"{"name": "", "name": ""}"#,
                "name",
                "the field `name` was sent more than once",
            ),
        ];
        for (text, field, description) in cases {
            assert_eq!(
                fault(text),
                (field.to_owned(), description.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_field_of_a_form_is_part_of_the_path() {
        let fault = |text| parse_field::<Vec<Place>>("places", text).expect_err(text);
        let field = |text| fault(text).violations()[0].field.clone();
        assert_eq!(field(r#"[{"left": 1}, {"right": 1}]"#), "places/1/right");
        assert_eq!(field("{}"), "places");
        let broken = fault("[").to_string();
        assert!(broken.starts_with("is not JSON: EOF"), "{broken}");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "null", "[]", r#"["a", []]"#, "7", "\u{feff}{}"] {
            assert!(
                matches!(
                    parse::<Sample>(text.as_bytes()),
                    Err(RequestError::NotAnObject)
                ),
                "{text}"
            );
        }
        for text in ["{", "{}x", "{'name': 1}", &"{\"places\":[".repeat(10_000)] {
            assert!(parse::<Sample>(text.as_bytes()).is_err(), "{text:.20}");
        }
    }

    #[test]
    fn only_json_is_taken_for_json() {
        let says = |text: &str| {
            is_json(
                &[(header::CONTENT_TYPE, text.parse().expect("a value"))]
                    .into_iter()
                    .collect(),
            )
        };
        assert!(says("application/json") && says("Application/JSON; charset=utf-8"));
        assert!(says("application/merge-patch+json"));
        for text in ["text/json", "application/x-www-form-urlencoded", "", "json"] {
            assert!(!says(text), "{text}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
