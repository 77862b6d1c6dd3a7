//! How jobs are asked for, and what is refused.

use pupila_tests::{File, Pupila, Shape, stories, text};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

stories!(a_repeated_request_finds_the_job_that_it_made);

fn resize() -> Value {
    json!([{"operation": "resize", "parameters": {"width": 100}}])
}

async fn a_repeated_request_finds_the_job_that_it_made(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let send = async |files: &[File], name: &str| {
        let request = app.job_form(&resize(), &[("name", name)], files);
        app.send(request.header("idempotency-key", "monday")).await
    };
    let files = [File::numbered(1), File::numbered(2)];
    let first = send(&files, "Monday").await;
    assert_eq!(first.status, 201, "{}", first.text());
    let id = text(&first.json(), "id").to_owned();
    app.ended(&id).await;
    let again = send(&files, "Monday").await;
    assert_eq!(text(&again.ok(), "id"), id);
    assert_alike!(send(&files, "Tuesday").await.problem(), @r"
    409 Conflict IDEMPOTENCY_KEY_REUSED
    the idempotency key was used for another job
    ");
    assert_eq!(app.all_pages("/v1/jobs").await.len(), 1);
    assert_eq!(
        app.all_pages("/v1/images").await.len(),
        4,
        "two, and two that were made"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_that_cannot_be_are_told_by_their_place() {
    let app = Pupila::of(Shape::Standalone).start().await;
    let image = app.store(&File::x_ray()).await;
    let step = |step: Value| json!([{"operation": "grayscale"}, step]);
    let mut told = String::new();
    for steps in [
        json!([]),
        json!(vec![&step(Value::Null)[0]; 17]),
        step(json!({})),
        step(json!({"operation": "melt"})),
        step(json!({"operation": "resize"})),
        step(json!({"operation": "resize", "parameters": {"width": 0, "colour": "red"}})),
        step(json!({"operation": "resize", "parameters": {"width": [300]}})),
        step(json!({"operation": "rotate", "parameters": {"angle": "a few"}})),
        step(json!({"operation": "grayscale", "version": 1})),
        step(json!({"operation": "grayscale", "model": "pneumonia"})),
        step(json!({"operation": "watermark_image", "parameters": {"image": image["owner"]}})),
        step(json!({"model": "astrology"})),
        step(json!({"model": "pneumonia", "version": 99})),
        step(json!({"model": "pneumonia", "parameters": {"threshold": 7}})),
        step(json!({"model": "pneumonia", "parameters": {"mood": "good"}})),
        step(json!({"opeartion": "grayscale"})),
    ] {
        let order = json!({"image_ids": [image["id"]], "steps": steps});
        let refused = app.post_json("/v1/jobs", &order).await;
        let steps = match steps.as_array().map(Vec::len) {
            Some(2) => steps[1].to_string(),
            count => format!("{count:?}"),
        };
        told += &format!("{steps}\n{}\n\n", refused.problem());
        let form = app.job_form(&order["steps"], &[], &[File::x_ray()]);
        assert_eq!(
            app.send(form).await.status,
            refused.status,
            "in a form: {steps}"
        );
    }
    insta::assert_snapshot!(told, @r#"
    Some(0)
    400 Bad Request INVALID_ARGUMENT
    must be 1 to 16 steps
    /steps: must be 1 to 16 steps

    Some(17)
    400 Bad Request INVALID_ARGUMENT
    must be 1 to 16 steps
    /steps: must be 1 to 16 steps

    {}
    400 Bad Request INVALID_ARGUMENT
    must have either `operation` or `model`
    /steps/1: must have either `operation` or `model`

    {"operation":"melt"}
    400 Bad Request UNKNOWN_OPERATION
    there is no operation `melt`; known are: `resize`, `crop`, `crop_to_size`, `crop_to_shape`, `rotate`, `flip`, `grayscale`, `sepia`, `brightness`, `contrast`, `saturation`, `auto_contrast`, `blur`, `sharpen`, `edges`, `pixelate`, `watermark_text`, `watermark_image`, `convert`
    /steps/1/operation: there is no operation `melt`; known are: `resize`, `crop`, `crop_to_size`, `crop_to_shape`, `rotate`, `flip`, `grayscale`, `sepia`, `brightness`, `contrast`, `saturation`, `auto_contrast`, `blur`, `sharpen`, `edges`, `pixelate`, `watermark_text`, `watermark_image`, `convert`

    {"operation":"resize"}
    400 Bad Request INVALID_ARGUMENT
    width and height: at least one of them is needed
    /steps/1/parameters/width: width and height: at least one of them is needed
    /steps/1/parameters/height: width and height: at least one of them is needed

    {"operation":"resize","parameters":{"colour":"red","width":0}}
    400 Bad Request UNKNOWN_PARAMETER
    resize does not take `colour`; it takes: `width`, `height`, `fit`, `gravity`, `enlarge`, `background`
    /steps/1/parameters: resize does not take `colour`; it takes: `width`, `height`, `fit`, `gravity`, `enlarge`, `background`

    {"operation":"resize","parameters":{"width":[300]}}
    400 Bad Request INVALID_ARGUMENT
    must be a number, a text or a boolean
    /steps/1/parameters/width: must be a number, a text or a boolean

    {"operation":"rotate","parameters":{"angle":"a few"}}
    400 Bad Request PARAMETER_OUT_OF_RANGE
    parameter angle must be a number from -360 to 360
    /steps/1/parameters/angle: must be a number from -360 to 360

    {"operation":"grayscale","version":1}
    400 Bad Request INVALID_ARGUMENT
    only a model has versions
    /steps/1/version: only a model has versions

    {"model":"pneumonia","operation":"grayscale"}
    400 Bad Request INVALID_ARGUMENT
    must have either `operation` or `model`
    /steps/1: must have either `operation` or `model`

    {"operation":"watermark_image","parameters":{"image":"00000000-0000-0000-0000-000000000000"}}
    404 Not Found IMAGE_NOT_FOUND
    images that do not exist, or that you may not see: `00000000-0000-0000-0000-000000000000`
    /steps/1/parameters/image: images that do not exist, or that you may not see: `00000000-0000-0000-0000-000000000000`

    {"model":"astrology"}
    404 Not Found MODEL_NOT_FOUND
    model `astrology` does not exist; there are: `pneumonia`
    /steps/1: model `astrology` does not exist; there are: `pneumonia`

    {"model":"pneumonia","version":99}
    404 Not Found VERSION_NOT_FOUND
    model `pneumonia` has no version 99; there are: `1`
    /steps/1: model `pneumonia` has no version 99; there are: `1`

    {"model":"pneumonia","parameters":{"threshold":7}}
    400 Bad Request PARAMETER_OUT_OF_RANGE
    parameter threshold must be a number from 0 to 1
    /steps/1/parameters/threshold: must be a number from 0 to 1

    {"model":"pneumonia","parameters":{"mood":"good"}}
    400 Bad Request UNKNOWN_PARAMETER
    unknown parameters: `mood`; known are: `threshold`
    /steps/1/parameters: unknown parameters: `mood`; known are: `threshold`

    {"opeartion":"grayscale"}
    400 Bad Request INVALID_ARGUMENT
    the field `steps/1/opeartion` is not known here
    /steps/1/opeartion: the field `steps/1/opeartion` is not known here
    "#);
    let stored = app.all_pages("/v1/images").await;
    assert_eq!(
        stored.len(),
        1,
        "nothing is stored for steps that cannot be"
    );
    let late = app.request(Method::POST, "/v1/jobs").multipart(
        Form::new()
            .part("file", Part::bytes(File::x_ray().bytes).file_name("a.jpg"))
            .text("steps", resize().to_string()),
    );
    insta::assert_snapshot!(app.send(late).await.problem(), @r"
    400 Bad Request INVALID_ARGUMENT
    must be there, before the files
    /steps: must be there, before the files
    ");
}
