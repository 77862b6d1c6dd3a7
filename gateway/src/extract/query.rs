//! The query string.

use std::{collections::HashSet, convert::Infallible};

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::wanted::wanted;
use crate::{error::RequestError, problem::Problem};

/// Of a value that cannot be read, as much is told back, in characters.
const MAX_ECHO: usize = 100;

/// The query string as it is: names and values, decoded.
#[derive(Debug)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

/// The query string as `A` and `B`. Exactly the fields that the two declare are taken.
#[derive(Debug)]
pub(crate) struct Query<A, B = Nothing>(pub(crate) A, pub(crate) B);

/// No fields.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Nothing {}

impl<S: Sync> FromRequestParts<S> for Pairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }
}

impl<A, B, S> FromRequestParts<S> for Query<A, B>
where
    A: DeserializeOwned + IntoParams,
    B: DeserializeOwned + IntoParams,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Ok(Pairs(pairs)) = Pairs::from_request_parts(parts, state).await;
        let (a, rest) = take(pairs)?;
        let (b, rest) = take(rest)?;
        match rest.first() {
            None => Ok(Self(a, b)),
            Some((name, _)) => Err(RequestError::unknown(name).into()),
        }
    }
}

/// Reads the fields that `T` declares, and leaves the others.
fn take<T>(pairs: Vec<(String, String)>) -> Result<(T, Vec<(String, String)>), RequestError>
where
    T: DeserializeOwned + IntoParams,
{
    let declared: Vec<_> = T::into_params(|| None)
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    let (ours, rest): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .partition(|(name, _)| declared.contains(name));
    let mut seen = HashSet::new();
    if let Some((name, _)) = ours.iter().find(|(name, _)| !seen.insert(name)) {
        return Err(RequestError::repeated(name));
    }
    let text = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&ours)
        .finish();
    let fields = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    let value = serde_path_to_error::deserialize(fields).map_err(|error| {
        let field = error.path().to_string();
        let sent = ours.iter().find(|(name, _)| *name == field);
        let sent: String = sent
            .map_or("", |(_, value)| value)
            .chars()
            .take(MAX_ECHO)
            .collect();
        let reason = error.into_inner().to_string();
        let reason = wanted(&reason).map_or(reason, |kind| format!("expected {kind}"));
        RequestError::invalid(field, format!("`{sent}` cannot be read: {reason}"))
    })?;
    Ok((value, rest))
}

#[cfg(test)]
mod tests {
    use http::Request;
    use pupila_core::Fault as _;

    use super::*;
    use crate::{dto::page::PageQuery, extract::List};

    fn page(query: &str) -> Result<PageQuery, RequestError> {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        take(pairs).map(|(page, _)| page)
    }

    #[test]
    fn a_value_that_cannot_be_read_is_told_in_words() {
        let error = page("page_size=-1").expect_err("no number of items");
        let text = "`-1` cannot be read: expected a whole number from 1 to 200";
        assert_eq!(error.to_string(), text);
        assert_eq!(error.violations()[0].field, "page_size");
        let page = page("page_size=7&other=x").expect("a page");
        let (size, _) = page.of(&List::at("/")).expect("no token");
        assert_eq!(size, 7);
    }

    #[tokio::test]
    async fn a_field_that_nothing_reads_is_refused() {
        for query in ["pagesize=7", "page_size=7&page_size=7"] {
            let request = Request::builder().uri(format!("/?{query}")).body(());
            let (mut parts, ()) = request.expect("a request").into_parts();
            let read = Query::<PageQuery>::from_request_parts(&mut parts, &()).await;
            assert!(read.is_err(), "{query}");
        }
    }
}
