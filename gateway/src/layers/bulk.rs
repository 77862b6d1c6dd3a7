//! The calls that take any number of files.

use axum::extract::{MatchedPath, Request};
use http::Method;

use crate::extract::is_json;

/// Whether `request` brings files that are handed on while they come in. Together they may be of any size and take any
/// time: each file has its limit, and may only stand still for so long (see `upload`).
pub(super) fn is_bulk_upload(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    let takes_files = route.is_some_and(|route| match route.as_str() {
        "/v1/images" => true,
        // A job over images that are there already is one short body.
        "/v1/jobs" => !is_json(request.headers()),
        _ => false,
    });
    request.method() == Method::POST && takes_files
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, routing::post};
    use http::{StatusCode, header};
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn only_forms_with_many_files_are_bulk_uploads() {
        let told = from_fn(async |request: Request, _| match is_bulk_upload(&request) {
            true => StatusCode::ACCEPTED,
            false => StatusCode::OK,
        });
        let app = Router::new()
            .route("/v1/images", post(|| async {}).get(|| async {}))
            .route("/v1/jobs", post(|| async {}))
            .route("/v1/predictions", post(|| async {}))
            .layer(told);
        let form = "multipart/form-data; boundary=x";
        for (method, path, body, expected) in [
            (Method::POST, "/v1/images", form, StatusCode::ACCEPTED),
            (Method::GET, "/v1/images", form, StatusCode::OK),
            (Method::POST, "/v1/jobs", form, StatusCode::ACCEPTED),
            (Method::POST, "/v1/jobs", "application/json", StatusCode::OK),
            (Method::POST, "/v1/predictions", form, StatusCode::OK),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header(header::CONTENT_TYPE, body);
            let request = request.body(Body::empty()).expect("a request");
            let answer = app.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), expected, "{path}");
        }
    }
}
