//! What is sent instead of an image, and what it gets.

use pupila_tests::{Api, File, Pupila, Shape, stories};
use reqwest::{Method, multipart::Form};

stories!(
    a_form_without_a_file_is_told_what_is_missing,
    what_is_no_image_is_unreadable,
    a_format_that_is_not_supported_is_told_those_that_are,
    a_file_over_the_limit_is_read_no_further,
    a_bomb_is_refused_by_its_header,
);

async fn refusal(app: &Api, file: &File) -> String {
    app.predict(file).await.problem()
}

async fn a_form_without_a_file_is_told_what_is_missing(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let post = || app.request(Method::POST, "/predict");
    let form = |body: &'static str| {
        post()
            .header("content-type", "multipart/form-data; boundary=b")
            .body(body)
    };
    let no_file = app.send(form("--b--\r\n")).await;
    assert_alike!(no_file.problem(), @r"
    400 Bad Request INVALID_ARGUMENT
    the field `file` is missing
    /file: the field `file` is missing
    ");
    let wrong_field = app
        .send(post().multipart(Form::new().text("image", "x")))
        .await;
    assert_alike!(wrong_field.problem(), @r"
    400 Bad Request INVALID_ARGUMENT
    the field `image` is not known here
    /image: the field `image` is not known here
    ");
    let no_body = app.send(post()).await;
    assert_alike!(no_body.problem(), @r"
    415 Unsupported Media Type UNSUPPORTED_MEDIA_TYPE
    the body must be `multipart/form-data` with a field `file`
    ");
    let no_form = app.send(post().json("x")).await;
    assert_alike!(no_form.problem(), @r"
    415 Unsupported Media Type UNSUPPORTED_MEDIA_TYPE
    the body must be `multipart/form-data` with a field `file`
    ");
    let no_end = app.send(form("--b\r\nContent-")).await;
    assert_alike!(no_end.problem(), @r"
    400 Bad Request INVALID_ARGUMENT
    the multipart body is broken: incomplete multipart stream
    ");
    assert_alike!(refusal(&app, &File::new("empty.jpeg", [])).await, @r"
    400 Bad Request INVALID_ARGUMENT
    the file is empty
    /file: the file is empty
    ");
}

async fn what_is_no_image_is_unreadable(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(refusal(&app, &File::new("a.jpeg", "This is a letter.")).await, @r"
    422 Unprocessable Entity IMAGE_UNREADABLE
    this is not an image; send PNG, JPEG, GIF, WebP, BMP or TIFF
    ");
    assert_alike!(refusal(&app, &File::truncated_jpeg()).await, @r"
    422 Unprocessable Entity IMAGE_UNREADABLE
    the JPEG image cannot be read: the file ends before the picture does
    ");
    assert_alike!(refusal(&app, &File::corrupt_png()).await, @"
    422 Unprocessable Entity IMAGE_UNREADABLE
    the PNG image cannot be read: unknown filter method 254
    ");
    assert!(
        app.all_pages("/v1/predictions").await.is_empty(),
        "nothing of it is recorded"
    );
}

async fn a_format_that_is_not_supported_is_told_those_that_are(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(refusal(&app, &File::heic()).await, @r"
    415 Unsupported Media Type UNSUPPORTED_FORMAT
    HEIC images are not supported; send PNG, JPEG, GIF, WebP, BMP or TIFF
    ");
    assert_alike!(refusal(&app, &File::new("a.ico", b"\0\0\x01\0\x01\0\x10\x10\0\0".repeat(9))).await, @r"
    415 Unsupported Media Type UNSUPPORTED_FORMAT
    ICO images are not supported; send PNG, JPEG, GIF, WebP, BMP or TIFF
    ");
}

async fn a_file_over_the_limit_is_read_no_further(shape: Shape) {
    let app = Pupila::of(shape)
        .with("gateway.limits.max_file_bytes", 20_000)
        .start()
        .await;
    assert_alike!(refusal(&app, &File::new("a.jpeg", vec![7; 20_001])).await, @r"
    413 Payload Too Large TOO_LARGE
    the file is larger than 20000 bytes
    /file: the file is larger than 20000 bytes
    ");
    assert_alike!(refusal(&app, &File::new("a.jpeg", vec![7; 5_000_000])).await, @r"
    413 Payload Too Large TOO_LARGE
    the file is larger than 20000 bytes
    /file: the file is larger than 20000 bytes
    ");

    let mut wire = app.wire().await;
    let head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n\
        Content-Length: 10000000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx";
    wire.send(head.as_bytes()).await;
    let answer = wire.read_until("}").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

async fn a_bomb_is_refused_by_its_header(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(refusal(&app, &File::png_bomb()).await, @r"
    422 Unprocessable Entity TOO_MANY_PIXELS
    the image is 100000 x 100000 pixels; at most 50000000 pixels are allowed, and 65535 a side
    ");
}
