//! The call that takes any number of files.

use axum::extract::{MatchedPath, Request};
use http::Method;

/// Whether `request` brings files that are handed on while they come in. Together they may be of any size and take any
/// time: each file has its limit, and may only stand still for so long (see `upload`).
pub(super) fn is_bulk_upload(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    request.method() == Method::POST && route.is_some_and(|route| route.as_str() == "/v1/images")
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, routing::post};
    use http::StatusCode;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn only_storing_images_is_a_bulk_upload() {
        let told = from_fn(async |request: Request, _| match is_bulk_upload(&request) {
            true => StatusCode::ACCEPTED,
            false => StatusCode::OK,
        });
        let app = Router::new()
            .route("/v1/images", post(|| async {}).get(|| async {}))
            .route("/v1/predictions", post(|| async {}))
            .layer(told);
        for (method, path, expected) in [
            (Method::POST, "/v1/images", StatusCode::ACCEPTED),
            (Method::GET, "/v1/images", StatusCode::OK),
            (Method::POST, "/v1/predictions", StatusCode::OK),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.body(Body::empty()).expect("a request");
            let answer = app.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), expected, "{path}");
        }
    }
}
