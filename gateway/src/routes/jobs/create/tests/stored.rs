//! Jobs over stored images.

use http::{Method, header};
use pupila_core::Scope;
use pupila_proto::history::v1::step::Kind;
use uuid::Uuid;

use super::{Asked, JOBS, services};
use crate::test_app::{Answer, TestApp};

async fn post(asked: &Asked, body: &str) -> Answer {
    let app = TestApp::new(services(asked));
    app.json(Method::POST, JOBS, body).await
}

#[tokio::test]
async fn steps_are_pinned_and_images_become_items() {
    let asked = Asked::default();
    let body = format!(
        r#"{{"name": "Ward 7", "priority": "batch", "image_ids": ["{}", "{}"], "steps": [
            {{"operation": "resize", "parameters": {{"width": "300", "height": 200, "enlarge": true}}}},
            {{"model": "pneumonia", "parameters": {{"threshold": 0.4}}}}]}}"#,
        Uuid::from_u128(1),
        Uuid::from_u128(2),
    );
    let answer = post(&asked, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.headers[header::LOCATION], "/v1/jobs/job-1");
    assert_eq!(answer.json()["name"], "Ward 7");
    let job = asked.only_job();
    let names: Vec<_> = job
        .items
        .iter()
        .map(|item| item.filename.as_str())
        .collect();
    assert_eq!(names, ["0001.png", "0002.png"]);
    let [resize, model] = job.steps.as_slice() else {
        panic!("two steps: {:?}", job.steps);
    };
    let Some(Kind::Operation(resize)) = &resize.kind else {
        panic!("an operation: {resize:?}");
    };
    assert_eq!(resize.parameters["width"], "300");
    assert_eq!(resize.parameters["enlarge"], "true");
    let Some(Kind::Model(model)) = &model.kind else {
        panic!("a model: {model:?}");
    };
    assert_eq!((model.version, &*model.parameters["threshold"]), (7, "0.4"));
}

#[tokio::test]
async fn who_may_not_store_images_has_none_made_in_the_background() {
    let asked = Asked::default();
    let scopes = [Scope::JobsWrite, Scope::ImagesRead, Scope::PredictionsWrite];
    let app = TestApp::with_scopes(services(&asked), &scopes);
    let order = |steps: &str| {
        let image = Uuid::from_u128(1);
        format!(r#"{{"image_ids": ["{image}"], "steps": [{steps}]}}"#)
    };
    let model = r#"{"model": "pneumonia"}"#;
    let both = order(&format!(r#"{model}, {{"operation": "sepia"}}"#));
    let told = app.json(Method::POST, JOBS, &both).await.problem();
    assert!(told.starts_with("403 SCOPE_MISSING"), "{told}");
    assert!(asked.nothing());
    let answer = app.json(Method::POST, JOBS, &order(model)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn an_album_is_all_its_images() {
    let asked = Asked::default();
    let album = Uuid::from_u128(1);
    let body = format!(r#"{{"album_id": "{album}", "steps": [{{"operation": "sepia"}}]}}"#);
    let answer = post(&asked, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(asked.only_job().items.len(), 2);
}

#[tokio::test]
async fn what_history_says_of_items_is_told_of_what_they_came_from() {
    let image = format!(r#""image_ids": ["{}"]"#, Uuid::from_u128(1));
    let album = format!(r#""album_id": "{}""#, Uuid::from_u128(1));
    for (images, field) in [(image, "image_ids"), (album, "album_id")] {
        let step = r#"{"operation": "sepia"}"#;
        let body = format!(r#"{{"name": "too many", "steps": [{step}], {images}}}"#);
        let told = post(&Asked::default(), &body).await.problem();
        let expected = format!("400 INVALID_ARGUMENT /{field}: must be few");
        assert!(told.starts_with(&expected), "{told}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_told_where_it_is() {
    let step = r#"{"operation": "sepia"}"#;
    let order = |steps: &str, rest: &str| format!(r#"{{"steps": [{steps}], {rest}}}"#);
    let one = format!(r#""image_ids": ["{}"]"#, Uuid::from_u128(1));
    let unknown = Uuid::from_u128(20_000);
    let ids = (0..10_001_u128).map(|id| format!("\"{}\"", Uuid::from_u128(id)));
    let too_many = format!(r#""image_ids": [{}]"#, ids.collect::<Vec<_>>().join(","));
    let album = |id| format!(r#""album_id": "{}""#, Uuid::from_u128(id));
    let watermark = format!(
        r#"{step}, {{"operation": "watermark_image", "parameters": {{"image": "{unknown}"}}}}"#
    );
    let cases = [
        ("7".to_owned(), "400 INVALID_ARGUMENT :"),
        (
            format!("{{{one}}}"),
            "400 INVALID_ARGUMENT /steps: is missing",
        ),
        (
            order("", &one),
            "400 INVALID_ARGUMENT /steps: must be 1 to 16 steps",
        ),
        (
            order(&[step; 17].join(","), &one),
            "400 INVALID_ARGUMENT /steps: must be 1 to 16 steps",
        ),
        (
            order("7", &one),
            "400 INVALID_ARGUMENT /steps/0: must be an object",
        ),
        (
            order("{}", &one),
            "400 INVALID_ARGUMENT /steps/0: must have either",
        ),
        (
            order(r#"{"operation": "sepia", "model": "pneumonia"}"#, &one),
            "400 INVALID_ARGUMENT /steps/0: must have either",
        ),
        (
            order(
                &format!(r#"{step}, {{"operation": "sepia", "version": 1}}"#),
                &one,
            ),
            "400 INVALID_ARGUMENT /steps/1/version: only a model",
        ),
        (
            order(r#"{"operation": "fold"}"#, &one),
            "400 UNKNOWN_OPERATION /steps/0/operation: there is no operation",
        ),
        (
            order(r#"{"model": "cats"}"#, &one),
            "404 MODEL_NOT_FOUND /steps/0: MODEL_NOT_FOUND",
        ),
        (
            order(r#"{"model": "pneumonia", "version": 0}"#, &one),
            "400 INVALID_ARGUMENT /steps/0/version: must be a whole number",
        ),
        (
            order(
                r#"{"operation": "resize", "parameters": {"widht": 3}}"#,
                &one,
            ),
            "400 UNKNOWN_PARAMETER /steps/0/parameters: resize does not take",
        ),
        (
            order(
                &format!(
                    r#"{step}, {step}, {{"operation": "resize", "parameters": {{"width": 0}}}}"#
                ),
                &one,
            ),
            "400 PARAMETER_OUT_OF_RANGE /steps/2/parameters/width: must be",
        ),
        (
            order(
                r#"{"operation": "resize", "parameters": {"width": [1]}}"#,
                &one,
            ),
            "400 INVALID_ARGUMENT /steps/0/parameters/width: must be a number",
        ),
        (
            order(&watermark, &one),
            "404 IMAGE_NOT_FOUND /steps/1/parameters/image: images that do not exist",
        ),
        (
            order(step, r#""name": "x""#),
            "400 INVALID_ARGUMENT /image_ids: is missing",
        ),
        (
            order(step, &format!("{one}, {}", album(1))),
            "400 INVALID_ARGUMENT /album_id: must not be there",
        ),
        (
            order(step, &too_many),
            "400 INVALID_ARGUMENT /image_ids: must be 1 to 10000",
        ),
        (
            order(step, &album(0)),
            "400 INVALID_ARGUMENT /album_id: has no images",
        ),
        (
            order(step, &format!(r#""image_ids": ["{unknown}"]"#)),
            "404 IMAGE_NOT_FOUND /image_ids: images that do not exist",
        ),
        (
            order(step, &format!(r#"{one}, "priority": "now""#)),
            "400 INVALID_ARGUMENT /priority: must be `interactive` or `batch`",
        ),
    ];
    let asked = Asked::default();
    for (body, expected) in cases {
        let told = post(&asked, &body).await.problem();
        assert!(told.starts_with(expected), "{told}\n{body:.300}");
    }
    assert!(asked.nothing());
}
