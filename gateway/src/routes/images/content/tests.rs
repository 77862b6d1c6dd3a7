use axum::body::Body;
use futures_util::{StreamExt as _, stream};
use http::{Request, header};
use pupila_proto::images::v1::{
    GetImageRequest, GetImageResponse, Image, ReadContentRequest, ReadContentResponse,
    read_content_response::Part,
};

use crate::test_app::{Answer, Script, TestApp};

fn image(sha256: &str, size: u64) -> Image {
    Image {
        id: "image-1".to_owned(),
        sha256: sha256.to_owned(),
        size,
        format: "png".to_owned(),
        ..Image::default()
    }
}

/// Images that tells of a file `first` of 10 bytes, and then reads `0123456` of a file `sent`.
fn services(sent: &'static str) -> Script {
    Script::default()
        .answer(
            "/pupila.images.v1.ImageService/GetImage",
            |_: GetImageRequest| {
                let image = Some(image("first", 10));
                Ok(GetImageResponse { image })
            },
        )
        .stream(
            "/pupila.images.v1.ImageService/ReadContent",
            move |request: ReadContentRequest| {
                let size = if sent == "first" { 10 } else { 7 };
                let end = request
                    .length
                    .map_or(size, |length| request.offset + length);
                let digits = (request.offset..end.min(size)).map(|digit| digit.to_string());
                let parts = [
                    Part::Header(image(sent, size)),
                    Part::Chunk(digits.collect::<String>().into()),
                ];
                stream::iter(parts.map(|part| Ok(ReadContentResponse { part: Some(part) }))).boxed()
            },
        )
}

async fn get(sent: &'static str, range: &str) -> Answer {
    let request = Request::get("/v1/images/image-1/content").header(header::RANGE, range);
    let request = request.body(Body::empty()).expect("a request");
    Answer::read(TestApp::new(services(sent)).send(request).await).await
}

#[tokio::test]
async fn a_part_is_of_the_file_that_was_told() {
    let part = get("first", "bytes=2-5").await;
    assert_eq!((part.status.as_u16(), &*part.text), (206, "2345"));
    assert_eq!(part.headers[header::ETAG], "\"first\"");
    assert_eq!(part.headers[header::CONTENT_RANGE], "bytes 2-5/10");
    assert_eq!(part.headers[header::CONTENT_LENGTH], "4");
}

#[tokio::test]
async fn the_headers_tell_of_the_file_that_is_sent() {
    // Whoever asks for a part gets all of a file that became another one meanwhile.
    for range in ["lines=1", "bytes=2-5"] {
        let whole = get("other", range).await;
        assert_eq!((whole.status.as_u16(), &*whole.text), (200, "0123456"));
        assert_eq!(whole.headers[header::ETAG], "\"other\"");
        assert_eq!(whole.headers[header::CONTENT_LENGTH], "7");
        assert!(!whole.headers.contains_key(header::CONTENT_RANGE));
    }
}
