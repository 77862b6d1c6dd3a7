//! What a call does not declare is refused, so that a typing error is not taken for nothing said.
//!
//! Handlers refuse the fields that they do not know of the queries and bodies that they read. Here those calls are looked
//! after that read none, by the description of the API: so no handler has to think of it.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequestParts as _, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::StreamExt as _;
use http::Method;
use hyper::body::Body as _;
use serde_json::{Map, Value};
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn},
};

use crate::{error::RequestError, extract::Pairs, problem::Problem};

/// More bytes are no way to say nothing.
const MOST: usize = 16;

/// What every call takes, by its method and its route.
#[derive(Debug, Clone)]
pub(crate) struct Calls(Arc<HashMap<(Method, String), Takes>>);

/// Whether a call reads any of it.
#[derive(Debug, Clone, Copy)]
struct Takes {
    query: bool,
    body: bool,
}

impl Calls {
    /// Those of a document whose addresses are the routes.
    pub(crate) fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        let calls = paths.flat_map(|(route, item)| {
            let calls = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            calls.into_iter().filter_map(|(method, call)| {
                let takes = Takes::of(call.as_ref()?);
                Some(((method, route.clone()), takes))
            })
        });
        Self(Arc::new(calls.collect()))
    }

    /// What is asked for takes; `None` where it is no call of the API.
    fn find(&self, request: &Request) -> Option<Takes> {
        let route = request.extensions().get::<MatchedPath>()?.as_str();
        let method = match *request.method() {
            Method::HEAD => Method::GET,
            ref method => method.clone(),
        };
        self.0.get(&(method, route.to_owned())).copied()
    }
}

impl Takes {
    fn of(call: &Operation) -> Self {
        let parameters = call.parameters.iter().flatten();
        let query = parameters.into_iter().any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
            RefOr::Ref(_) => true,
        });
        let body = call.request_body.is_some();
        Self { query, body }
    }
}

pub(crate) async fn refuse(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let Some(takes) = calls.find(&request) else {
        return next.run(request).await;
    };
    match check(takes, request).await {
        Ok(request) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn check(takes: Takes, request: Request) -> Result<Request, RequestError> {
    let (mut parts, body) = request.into_parts();
    if !takes.query {
        let Ok(Pairs(pairs)) = Pairs::from_request_parts(&mut parts, &()).await;
        if let Some((name, _)) = pairs.first() {
            return Err(RequestError::unknown(name));
        }
    }
    if takes.body {
        return Ok(Request::from_parts(parts, body));
    }
    if !says_nothing(body).await? {
        return Err(RequestError::NoBodyWanted);
    }
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Whether a body has no field: it is empty, or an empty object, which many a program sends for nothing.
async fn says_nothing(body: Body) -> Result<bool, RequestError> {
    if body.size_hint().lower() > MOST as u64 {
        return Ok(false);
    }
    let mut pieces = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| RequestError::BrokenBody)?;
        if bytes.len() + piece.len() > MOST {
            return Ok(false);
        }
        bytes.extend_from_slice(&piece);
    }
    let object = serde_json::from_slice::<Map<String, Value>>(&bytes);
    Ok(bytes.is_empty() || object.is_ok_and(|object| object.is_empty()))
}

#[cfg(test)]
mod tests;
