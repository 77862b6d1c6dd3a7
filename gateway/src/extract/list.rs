//! Which list a page is of.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::request::Parts;
use pupila_core::{Digest, InvalidPage};

use super::Pairs;

/// Bytes of the digest that tokens bear, which become 8 characters. It is there against mistakes: whoever forges one sees no
/// more than they may.
const LENGTH: usize = 6;
/// The names in a query that say which page, and not which list.
const PAGE: [&str; 2] = ["page_size", "page_token"];

/// The list that a request asks for: its address and its filters. Page tokens bear a digest of it, so that one of another
/// list is refused and not taken for a place in this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct List([u8; LENGTH]);

impl List {
    /// All that is at an address.
    pub(crate) fn at(path: &str) -> Self {
        Self::filtered(path, Vec::new())
    }

    fn filtered(path: &str, mut query: Vec<(String, String)>) -> Self {
        query.retain(|(name, _)| !PAGE.contains(&&**name));
        query.sort_unstable();
        let filters = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        let digest = Digest::of(format!("{path}?{filters}").as_bytes());
        let mut start = [0; LENGTH];
        start.copy_from_slice(&digest.as_bytes()[..LENGTH]);
        Self(start)
    }

    /// A service's token as callers get it. None, after the last page, stays none.
    pub(crate) fn seal(&self, token: String) -> String {
        match token.is_empty() {
            true => token,
            false => token + &self.text(),
        }
    }

    /// The service's token in what a caller sent.
    ///
    /// # Errors
    /// It is that of another list, or made up.
    pub(crate) fn open(&self, sealed: &str) -> Result<String, InvalidPage> {
        match sealed.strip_suffix(&self.text()) {
            _ if sealed.is_empty() => Ok(String::new()),
            Some(token) if !token.is_empty() => Ok(token.to_owned()),
            _ => Err(InvalidPage::Token),
        }
    }

    fn text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for List {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Pairs(query) = Pairs::from_request_parts(parts, state).await?;
        Ok(Self::filtered(parts.uri.path(), query))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    async fn list(uri: &str) -> List {
        let request = Request::builder().uri(uri).body(());
        let (mut parts, ()) = request.expect("a request").into_parts();
        let Ok(list) = List::from_request_parts(&mut parts, &()).await;
        list
    }

    #[tokio::test]
    async fn a_token_leads_on_in_its_own_list() {
        let first = list("/v1/jobs?state=QUEUED&page_size=2").await;
        let token = first.seal("abc".to_owned());
        assert_eq!(token.len(), 3 + 8);
        let next = list(&format!("/v1/jobs?page_token={token}&state=QUEUED")).await;
        assert_eq!(next.open(&token), Ok("abc".to_owned()));
        assert_eq!(first.seal(String::new()), "");
        assert_eq!(first.open(""), Ok(String::new()));
        assert_eq!(List::at("/v1/jobs"), list("/v1/jobs?page_size=7").await);
    }

    #[tokio::test]
    async fn a_token_of_another_list_is_refused() {
        let token = list("/v1/jobs/a/items?state=FAILED")
            .await
            .seal("abc".to_owned());
        for other in [
            "/v1/jobs/b/items?state=FAILED",
            "/v1/jobs/a/items?state=QUEUED",
            "/v1/jobs/a/items",
            "/v1/images?state=FAILED",
        ] {
            assert_eq!(list(other).await.open(&token), Err(InvalidPage::Token));
        }
        let own = list("/v1/jobs/a/items?state=FAILED").await;
        for made_up in ["x", "abc", &token[3..], "ñandú y ñandú"] {
            assert_eq!(own.open(made_up), Err(InvalidPage::Token), "{made_up}");
        }
    }
}
