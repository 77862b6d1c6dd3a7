use futures_util::stream;
use http::StatusCode;

use super::*;
use crate::{
    openapi,
    test_app::{Answer, Script, TestApp},
};

/// Every call of the API: its method, an address, and its description.
fn calls() -> Vec<(Method, String, Operation)> {
    let mut calls = Vec::new();
    for (path, item) in openapi::document().paths.paths {
        let address: String = path
            .split_inclusive(['{', '}'])
            .map(|part| match part.strip_suffix('}') {
                Some(_) => "01a20623-df5b-780a-9943-2fb6042e32d0",
                None => part.trim_end_matches('{'),
            })
            .collect();
        for (method, call) in [
            (Method::GET, item.get),
            (Method::POST, item.post),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::DELETE, item.delete),
        ] {
            calls.extend(call.map(|call| (method, address.clone(), call)));
        }
    }
    calls
}

async fn send(app: &TestApp, method: &Method, address: &str, body: Body) -> Answer {
    let request = Request::builder().method(method).uri(address).body(body);
    Answer::read(app.send(request.expect("a request")).await).await
}

#[tokio::test]
async fn no_call_takes_a_field_that_it_does_not_declare() {
    let app = TestApp::new(Script::default());
    let mut count = 0;
    for (method, address, call) in calls() {
        // What else there is in its query are parameters of models.
        if call.operation_id.as_deref() == Some("predict") {
            continue;
        }
        let told = send(&app, &method, &format!("{address}?x=1"), Body::empty()).await;
        let expected = "400 INVALID_ARGUMENT /x: the field `x` is not known here";
        assert_eq!(told.problem(), expected, "{method} {address}");
        count += 1;
    }
    assert!(count > 80, "all calls: {count}");
}

#[tokio::test]
async fn who_sends_a_body_that_nothing_reads_is_told() {
    let app = TestApp::new(Script::default());
    for (method, address, _) in calls()
        .iter()
        .filter(|(.., call)| call.request_body.is_none())
    {
        let whole = Body::from(r#"{"x":1}"#);
        let pieces = ["", r#"{"x":1}"#].map(Ok::<_, std::convert::Infallible>);
        for body in [whole, Body::from_stream(stream::iter(pieces))] {
            let told = send(&app, method, address, body).await;
            assert_eq!(
                told.problem(),
                "400 INVALID_ARGUMENT : ",
                "{method} {address}"
            );
            assert!(
                told.text.contains("this call takes no body"),
                "{}",
                told.text
            );
        }
    }
}

#[tokio::test]
async fn nothing_may_be_said_in_many_ways() {
    let app = TestApp::new(Script::default());
    for nothing in ["", "{}", "{ }\n"] {
        let pieces = stream::iter([nothing].map(Ok::<_, std::convert::Infallible>));
        for body in [Body::from(nothing), Body::from_stream(pieces)] {
            let answer = send(&app, &Method::GET, "/health?", body).await;
            assert_ne!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        }
    }
}
