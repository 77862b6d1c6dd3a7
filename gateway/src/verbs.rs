//! Custom methods of single resources, such as `POST /v1/models/{name}:load` (AIP-136).
//!
//! The router matches whole segments only. So routes write `{name}/~load`, and what callers and the description write
//! as `{name}:load` is brought into that form before it is routed.

use std::sync::Arc;

use axum::extract::Request;
use http::{Uri, uri::PathAndQuery};
use utoipa::openapi::OpenApi;

/// What routes write for the colon.
const MARK: &str = "/~";

/// The custom methods that there are.
#[derive(Debug, Clone)]
pub(crate) struct Verbs(Arc<[String]>);

impl Verbs {
    /// Finds those of a document, and writes their addresses as callers do.
    pub(crate) fn settle(document: &mut OpenApi) -> Self {
        let paths = std::mem::take(&mut document.paths.paths);
        let verbs = paths.keys().filter_map(|path| path.split_once(MARK));
        let verbs = verbs.map(|(_, verb)| verb.to_owned()).collect();
        let told = paths.into_iter().map(|(path, item)| (told(&path), item));
        document.paths.paths = told.collect();
        Self(verbs)
    }

    /// The request, its address as the routes have it.
    pub(crate) fn route(&self, mut request: Request) -> Request {
        if let Some(uri) = self.routed(request.uri()) {
            *request.uri_mut() = uri;
        }
        request
    }

    fn routed(&self, uri: &Uri) -> Option<Uri> {
        let (resources, last) = uri.path().rsplit_once('/')?;
        let path = match last.rsplit_once(':') {
            Some((name, verb)) if self.0.iter().any(|known| known == verb) => {
                format!("{resources}/{name}{MARK}{verb}")
            }
            // Nobody is to call by our name for it.
            _ if last.starts_with('~') => format!("{resources}/%7E{}", &last[1..]),
            _ => return None,
        };
        let address = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(address).ok()?);
        Uri::from_parts(parts).ok()
    }
}

/// A route as callers write it.
pub(crate) fn told(route: &str) -> String {
    route.replacen(MARK, ":", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(uri: &str) -> String {
        let verbs = Verbs(["load".to_owned(), "replay".to_owned()].into());
        let uri: Uri = uri.parse().expect("an address");
        verbs.routed(&uri).unwrap_or(uri).to_string()
    }

    #[test]
    fn a_verb_after_a_name_is_a_segment_of_its_own() {
        assert_eq!(routed("/v1/models/a:load"), "/v1/models/a/~load");
        assert_eq!(
            routed("/v1/models/a:load?x=/b:c"),
            "/v1/models/a/~load?x=/b:c"
        );
        assert_eq!(
            routed("http://host:1/v1/models/a:b:load"),
            "http://host:1/v1/models/a:b/~load"
        );
        assert_eq!(told("/v1/models/{name}/~load"), "/v1/models/{name}:load");
    }

    #[test]
    fn everything_else_stays() {
        for uri in [
            "/v1/models/a",
            "/v1/models/a:drop",
            "/v1/predictions:export",
            "/",
            "*",
        ] {
            assert_eq!(routed(uri), uri);
        }
        assert_eq!(routed("/v1/models/a/~load"), "/v1/models/a/%7Eload");
    }
}
