//! One image for one model, and everything that can be wrong with it.

use pupila_core::{Digest, ErrorCode};
use pupila_imaging::Format;

use crate::harness::{
    Repository, bright, brightness_card, colour, config, dark, decision, fixture, predict, request,
    start,
};

#[tokio::test]
async fn an_answer_tells_everything_needed_to_repeat_it() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    let answer = predict(&mut client, request("brightness", bright()))
        .await
        .expect("an answer");

    // sigmoid(16 * 230 / 255 - 8), from fixtures/make.py.
    let expected = 1.0 / (1.0 + (-(16.0 * 230.0 / 255.0 - 8.0_f64)).exp());
    let (label, score) = decision(&answer);
    assert_eq!(label, "bright");
    assert!((score - expected).abs() < 1e-6, "{score} is not {expected}");
    assert_eq!(
        answer.model_sha256,
        Digest::of(&fixture("brightness-2.onnx")).to_string()
    );
    assert_eq!(answer.image_sha256, Digest::of(&bright()).to_string());
    assert_eq!(answer.image_format, Format::Bmp.name());
    assert_eq!((answer.image_width, answer.image_height), (16, 16));
    assert_eq!(answer.parameters["threshold"], 0.5);

    let answer = predict(&mut client, request("brightness", dark()))
        .await
        .expect("an answer");
    assert_eq!(decision(&answer).0, "dark");
}

#[tokio::test]
async fn the_threshold_decides() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    let mut strict = request("brightness", colour([128; 3]));
    strict
        .parameters
        .insert("threshold".to_owned(), "0.9".to_owned());
    let answer = predict(&mut client, strict).await.expect("an answer");
    let (label, score) = decision(&answer);
    // Bright is the likelier, but not likely enough.
    assert!((0.5..0.9).contains(&score), "{score}");
    assert_eq!(label, "dark");
    assert_eq!(answer.parameters["threshold"], 0.9);
}

#[tokio::test]
async fn the_order_of_the_channels_is_the_cards() {
    let repository = Repository::empty();
    let file = fixture("colour.onnx");
    repository.file("colour", 1, &file);
    for (channels, strongest) in [("rgb", "red"), ("bgr", "blue")] {
        let card = format!(
            r#"
            name = "colour"
            title = "The strongest colour"
            task = "classification"
            labels = ["red", "green", "blue"]
            licence = "Apache-2.0"
            source = "made for tests"
            versions.1.sha256 = "{}"
            [input]
            width = 8
            height = 8
            channels = "{channels}"
            resize = "center_crop"
            filter = "nearest"
            scale = 0.01
            [output]
            kind = "logits"
            "#,
            Digest::of(&file)
        );
        repository.card("colour", &card);
        let mut client = start(&config(repository.path())).await;
        let answer = predict(&mut client, request("", colour([250, 90, 60]))).await;
        let (label, positive) = decision(&answer.expect("an answer"));
        assert_eq!(label, strongest, "{channels}");
        assert!(positive.is_nan(), "no label is the positive one");
    }
}

#[tokio::test]
async fn bad_images_are_refused_by_their_reasons() {
    let repository = Repository::brightness();
    let mut config = config(repository.path());
    config.limits.max_image_bytes = 4_000;
    config.limits.max_image_pixels = 16 * 16;
    let mut client = start(&config).await;
    let mut huge = bright();
    huge[18..22].copy_from_slice(&30_000_i32.to_le_bytes());
    let cut = bright()[..400].to_vec();
    let cases: [(&str, Vec<u8>, ErrorCode, &str); 6] = [
        (
            "nothing",
            vec![],
            ErrorCode::InvalidArgument,
            "INVALID_ARGUMENT",
        ),
        (
            "text",
            b"hello".to_vec(),
            ErrorCode::Unprocessable,
            "IMAGE_UNREADABLE",
        ),
        ("cut", cut, ErrorCode::Unprocessable, "IMAGE_UNREADABLE"),
        (
            "HEIC",
            b"\0\0\0\x18ftypheic".to_vec(),
            ErrorCode::UnsupportedFormat,
            "UNSUPPORTED_FORMAT",
        ),
        ("bytes", vec![b'B'; 4_001], ErrorCode::TooLarge, "TOO_LARGE"),
        ("pixels", huge, ErrorCode::Unprocessable, "TOO_MANY_PIXELS"),
    ];
    for (name, image, code, reason) in cases {
        let error = predict(&mut client, request("brightness", image))
            .await
            .expect_err(name);
        assert_eq!(
            (error.code, error.reason.as_str()),
            (code, reason),
            "{name}: {error}"
        );
    }
    predict(&mut client, request("brightness", bright()))
        .await
        .expect("the service works on");
}

#[tokio::test]
async fn parameters_that_are_unknown_or_out_of_range_are_named() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    for value in ["0.995", "0", "-1", "NaN", "inf", "", "half", "1e999"] {
        let mut wrong = request("brightness", bright());
        wrong
            .parameters
            .insert("threshold".to_owned(), value.to_owned());
        let error = predict(&mut client, wrong).await.expect_err(value);
        assert_eq!(error.reason, "PARAMETER_OUT_OF_RANGE", "{value}");
        assert_eq!(error.violations[0].field, "parameters/threshold");
        assert_eq!(
            error.violations[0].description,
            "must be a number from 0.01 to 0.99"
        );
    }

    let mut many = request("brightness", bright());
    many.parameters = (0..10_000)
        .map(|number| (format!("p{number:05}"), "1".to_owned()))
        .collect();
    let error = predict(&mut client, many).await.expect_err("unknown");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::InvalidArgument, "UNKNOWN_PARAMETER")
    );
    assert!(
        error.message.contains("`p00000`") && error.message.contains("9990 more"),
        "{error}"
    );
    assert!(error.message.ends_with("known are: `threshold`"), "{error}");
}

#[tokio::test]
async fn a_number_that_is_no_answer_is_not_given() {
    let repository = Repository::empty();
    let file = fixture("nan.onnx");
    repository.card("brightness", &brightness_card(&[(1, &file)]));
    repository.file("brightness", 1, &file);
    let mut client = start(&config(repository.path())).await;
    let error = predict(&mut client, request("", bright()))
        .await
        .expect_err("not a number");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::Internal, "PREDICTION_FAILED")
    );
}

#[tokio::test]
async fn an_unknown_model_is_told_the_known_ones() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    let error = predict(&mut client, request("cats", bright()))
        .await
        .expect_err("unknown");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::NotFound, "MODEL_NOT_FOUND")
    );
    assert_eq!(
        error.message,
        "model `cats` does not exist; there are: `brightness`"
    );
}
