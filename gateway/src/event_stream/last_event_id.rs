//! Where a listener left off.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize;
use utoipa::{
    IntoParams,
    openapi::{
        Required,
        path::{Parameter, ParameterIn},
    },
};

use crate::{error::RequestError, extract::Query, openapi, problem::Problem};

/// The header (WHATWG HTML, section 9.2.4).
pub(crate) const LAST_EVENT_ID: &str = "last-event-id";
/// The same in the query, for programs that cannot set headers.
const IN_QUERY: &str = "last_event_id";
/// Longest one, in characters.
const MAX_LENGTH: usize = 200;

/// The id of the last event that the caller has seen; none for a new listener. The header counts before the query: a
/// browser that comes again still has its first query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LastEventId(Option<Sent>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    /// Where it was.
    field: &'static str,
    text: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LastEventIdQuery {
    last_event_id: Option<String>,
}

impl LastEventId {
    /// As text; empty for none.
    pub(crate) fn text(&self) -> &str {
        self.0.as_ref().map_or("", |sent| &sent.text)
    }

    /// As a revision; 0 for none.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn revision(&self) -> Result<i64, RequestError> {
        match &self.0 {
            None => Ok(0),
            Some(sent) => match sent.text.parse() {
                Ok(revision) if revision >= 0 => Ok(revision),
                _ => Err(self.refused()),
            },
        }
    }

    /// That it is the id of none of our events.
    pub(crate) fn refused(&self) -> RequestError {
        let field = self.0.as_ref().map_or(LAST_EVENT_ID, |sent| sent.field);
        RequestError::invalid(field, "must be the id of an event of this stream")
    }

    fn of(field: &'static str, text: &str) -> Option<Sent> {
        let text = text.to_owned();
        (!text.is_empty()).then_some(Sent { field, text })
    }
}

impl<S: Sync> FromRequestParts<S> for LastEventId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Query(query, _) = Query::<LastEventIdQuery>::from_request_parts(parts, state).await?;
        let header = parts.headers.get(LAST_EVENT_ID);
        let header = header.map(|value| value.to_str().unwrap_or("?"));
        let header = Self(header.and_then(|text| Self::of(LAST_EVENT_ID, text)));
        let query = Self(
            query
                .last_event_id
                .and_then(|text| Self::of(IN_QUERY, &text)),
        );
        // Also the one that does not count.
        for id in [&header, &query] {
            if id.text().len() > MAX_LENGTH {
                return Err(id.refused().into());
            }
        }
        Ok(Self(header.0.or(query.0)))
    }
}

impl IntoParams for LastEventId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let header = openapi::header(
            "Last-Event-ID",
            "The id of the last event that the caller has seen: what happened since comes first",
            openapi::text(0..=MAX_LENGTH),
        );
        let query = Parameter::builder()
            .name(IN_QUERY)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(
                "The same, for programs that cannot set headers; the header counts before it",
            ))
            .schema(Some(openapi::text(0..=MAX_LENGTH)));
        vec![header, query.build()]
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    async fn read(header: Option<&str>, query: &str) -> Result<LastEventId, Problem> {
        let mut request = Request::builder().uri(format!("/{query}"));
        if let Some(header) = header {
            request = request.header(LAST_EVENT_ID, header);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        LastEventId::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn a_listener_goes_on_after_the_last_event() {
        for (header, query, revision) in [
            (None, "", 0),
            (Some(""), "", 0),
            (Some("17"), "", 17),
            (None, "?last_event_id=17", 17),
            (Some("18"), "?last_event_id=17", 18),
            (Some(""), "?last_event_id=17", 17),
        ] {
            let id = read(header, query).await.expect("an id");
            assert_eq!(id.revision().expect("a revision"), revision, "{header:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_id_of_ours_is_refused_where_it_was() {
        let cases = [
            (Some("x"), "", LAST_EVENT_ID),
            (Some("-1"), "", LAST_EVENT_ID),
            (Some("ñ"), "", LAST_EVENT_ID),
            (None, "?last_event_id=1.5", IN_QUERY),
            (None, "?last_event_id=99999999999999999999", IN_QUERY),
        ];
        for (header, query, field) in cases {
            let id = read(header, query).await.expect("a text");
            let error = id.revision().expect_err("no revision");
            let named =
                matches!(&error, RequestError::InvalidField { field: named, .. } if named == field);
            assert!(named, "{error:?}");
        }
        let long = "7".repeat(201);
        assert!(read(Some(&long), "").await.is_err());
        let query = format!("?last_event_id={long}");
        assert!(read(Some("7"), &query).await.is_err());
        assert!(read(None, "?last_event=7").await.is_err());
    }
}
