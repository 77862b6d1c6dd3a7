//! `/unsubscribe`: the page behind the link at the foot of our e-mails, and what mail programs post on one click (RFC 8058).
//!
//! Opening it changes nothing: many a mail filter opens every link. It needs no script and no credential but its token.

mod language;
mod page;

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use pupila_proto::accounts::v1::UnsubscribeRequest;
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use self::{
    language::Language,
    page::{Page, Tale},
};
use crate::{
    app::Gateway,
    extract::Query,
    problem::{Problem, message},
};

/// Longer texts are no tokens of ours, in bytes.
const MAX_TOKEN: usize = 500;

/// A page for people is no part of the API, so its description has none of it.
pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new().route("/unsubscribe", get(ask).post(unsubscribe))
}

/// What the link carries.
#[derive(Deserialize, IntoParams)]
struct Link {
    token: Option<String>,
    /// That of the letter.
    language: Option<String>,
}

impl Link {
    /// The language of whose e-mails they are, where the link tells it; else that of the browser.
    fn language(&self, headers: &HeaderMap) -> Language {
        let code = self.language.as_deref();
        let theirs = code.and_then(Language::from_code);
        theirs.unwrap_or_else(|| Language::accepted(headers))
    }

    fn token(self) -> Option<String> {
        let fits = |token: &String| (1..=MAX_TOKEN).contains(&token.len());
        self.token.filter(fits)
    }
}

/// The page with the button. Whether the token is good shows when it is pressed.
async fn ask(headers: HeaderMap, link: Result<Query<Link>, Problem>) -> Response {
    let (token, language) = read(link, &headers);
    match token {
        Some(token) => Page::new(language, Tale::Question { token }).into_response(),
        None => invalid(language),
    }
}

/// Ends the e-mails. Whatever the body says is not read: the token says all.
async fn unsubscribe(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    link: Result<Query<Link>, Problem>,
) -> Response {
    let (token, language) = read(link, &headers);
    let Some(token) = token else {
        return invalid(language);
    };
    let request = context.call(UnsubscribeRequest { token }, gateway.call_timeout);
    match message(gateway.notifications.clone().unsubscribe(request).await) {
        Ok(done) => {
            let theirs = Language::from_code(&done.language);
            Page::new(theirs.unwrap_or(language), Tale::Done).into_response()
        }
        Err(problem) => failed(language, problem),
    }
}

/// The token, where there is one, and the language to answer in.
fn read(link: Result<Query<Link>, Problem>, headers: &HeaderMap) -> (Option<String>, Language) {
    match link {
        Ok(Query(link, _)) => {
            let language = link.language(headers);
            (link.token(), language)
        }
        Err(_) => (None, Language::accepted(headers)),
    }
}

fn invalid(language: Language) -> Response {
    (StatusCode::BAD_REQUEST, Page::new(language, Tale::Invalid)).into_response()
}

/// What went wrong, for people. Programs go by the status.
fn failed(language: Language, problem: Problem) -> Response {
    let is_theirs = problem.status().is_client_error();
    let mut refusal = problem.into_response();
    let retry_after = refusal.headers_mut().remove(http::header::RETRY_AFTER);
    let tale = match is_theirs && retry_after.is_none() {
        true => Tale::Invalid,
        false => Tale::Failed,
    };
    let mut response = (refusal.status(), Page::new(language, tale)).into_response();
    if let Some(delay) = retry_after {
        response
            .headers_mut()
            .insert(http::header::RETRY_AFTER, delay);
    }
    response
}

#[cfg(test)]
mod tests;
