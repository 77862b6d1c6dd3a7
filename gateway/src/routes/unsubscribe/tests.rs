use axum::body::Body;
use http::{Method, Request, header};
use pupila_core::{ErrorCode, Fault};
use pupila_proto::accounts::v1::{UnsubscribeRequest, UnsubscribeResponse};
use pupila_runtime::rpc::into_status;

use crate::test_app::{Answer, Script, TestApp};

#[derive(Debug, thiserror::Error)]
#[error("no such token")]
struct NoSuchToken;

impl Fault for NoSuchToken {
    fn code(&self) -> ErrorCode {
        ErrorCode::NotFound
    }
    fn reason(&self) -> &'static str {
        "UNSUBSCRIBE_TOKEN_UNKNOWN"
    }
}

fn app() -> TestApp {
    let method = "/pupila.accounts.v1.NotificationService/Unsubscribe";
    TestApp::new(
        Script::default().answer(method, |request: UnsubscribeRequest| {
            match request.token.as_str() {
                "luis" => Ok(UnsubscribeResponse {
                    language: "es".to_owned(),
                }),
                _ => Err(into_status(NoSuchToken)),
            }
        }),
    )
}

async fn send(method: Method, path: &str, headers: &[(&str, &str)], body: &'static str) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).expect("a request");
    Answer::read(app().send(request).await).await
}

#[tokio::test]
async fn the_page_asks_before_anything_happens() {
    let spanish = [("accept-language", "es-ES")];
    let page = send(Method::GET, "/unsubscribe?token=luis", &spanish, "").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.headers[header::CONTENT_TYPE],
        "text/html; charset=utf-8"
    );
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert!(page.text.contains("Darse de baja"), "{}", page.text);
    assert!(
        page.text.contains("action=\"?token=luis&amp;language=es\""),
        "{}",
        page.text
    );
    let page = send(Method::GET, "/unsubscribe?token=luis", &[], "").await;
    assert!(page.text.contains("Unsubscribe"), "{}", page.text);
}

#[tokio::test]
async fn a_letters_link_opens_in_the_language_of_the_letter() {
    let english = [("accept-language", "en-GB")];
    let link = "/unsubscribe?token=luis&language=es";
    let page = send(Method::GET, link, &english, "").await;
    assert!(page.text.contains("Darse de baja"), "{}", page.text);
    let other = "/unsubscribe?token=other&language=es";
    let page = send(Method::POST, other, &english, "").await;
    assert!(page.text.contains("no es válido"), "{}", page.text);
    let unknown = "/unsubscribe?token=luis&language=xx";
    let page = send(Method::GET, unknown, &english, "").await;
    assert!(page.text.contains("Unsubscribe"), "{}", page.text);
}

#[tokio::test]
async fn mail_programs_unsubscribe_with_one_click() {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = "List-Unsubscribe=One-Click";
    let done = send(Method::POST, "/unsubscribe?token=luis", &form, body).await;
    assert_eq!(done.status, 200);
    // In the language of the one whose e-mails they were.
    assert!(done.text.contains("Ya no recibirás"), "{}", done.text);
}

#[tokio::test]
async fn the_button_works_and_that_of_another_site_does_not() {
    let ours = [
        ("host", "localhost:8000"),
        ("origin", "http://localhost:8000"),
    ];
    let done = send(Method::POST, "/unsubscribe?token=luis", &ours, "").await;
    assert_eq!(done.status, 200, "{}", done.text);
    let theirs = [
        ("host", "localhost:8000"),
        ("origin", "http://evil.example"),
    ];
    let refused = send(Method::POST, "/unsubscribe?token=luis", &theirs, "").await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}

#[tokio::test]
async fn a_link_that_is_none_of_ours_is_told_so() {
    let long = format!("/unsubscribe?token={}", "x".repeat(501));
    for (method, path, status) in [
        (Method::GET, "/unsubscribe", 400),
        (Method::GET, "/unsubscribe?token=", 400),
        (Method::GET, "/unsubscribe?token=a&token=b", 400),
        (Method::POST, "/unsubscribe", 400),
        (Method::POST, &long, 400),
        (Method::POST, "/unsubscribe?token=other", 404),
    ] {
        let page = send(method, path, &[], "").await;
        assert_eq!(page.status, status, "{path:.40}");
        assert!(page.text.contains("not valid"), "{}", page.text);
    }
}

#[tokio::test]
async fn while_accounts_are_away_people_are_asked_to_come_again() {
    let app = TestApp::new(Script::default());
    let request = Request::post("/unsubscribe?token=luis").body(Body::empty());
    let page = Answer::read(app.send(request.expect("a request")).await).await;
    assert_eq!(page.status, 503);
    assert_eq!(page.headers[header::RETRY_AFTER], "5");
    assert!(page.text.contains("try again later"), "{}", page.text);
}
