use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request},
};
use futures_util::{StreamExt as _, stream};

use super::*;
use crate::upload::{Fields, FormField, Paced};

const LIMIT: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(30);
const HEAD: &str =
    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";

/// A form whose body comes in these pieces, and then stands still where it `stalls`.
async fn form(pieces: Vec<Bytes>, stalls: bool) -> Fields {
    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, std::convert::Infallible>));
    let body = match stalls {
        true => Body::from_stream(Paced::new(pieces.chain(stream::pending()))),
        false => Body::from_stream(Paced::new(pieces)),
    };
    let mut request = Request::builder()
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body)
        .expect("a request");
    DefaultBodyLimit::disable().apply(&mut request);
    let form = Multipart::from_request(request, &()).await;
    Fields::new(form.expect("a form"), LIMIT, PATIENCE)
}

/// A form with files of these sizes.
async fn files(sizes: &[usize]) -> Fields {
    let mut pieces = Vec::new();
    for size in sizes {
        pieces.push(HEAD.into());
        let bytes = vec![b'a'; *size];
        let arriving = bytes.chunks(PIECE / 4).map(Bytes::copy_from_slice);
        pieces.extend(arriving);
        pieces.push("\r\n".into());
    }
    pieces.push("--x--\r\n".into());
    form(pieces, false).await
}

async fn next(fields: &mut Fields) -> FormField<'_> {
    fields.next().await.expect("a form").expect("a file")
}

fn header() -> ImageHeader {
    ImageHeader {
        name: "a.png".to_owned(),
        ..ImageHeader::default()
    }
}

/// A service that counts the bytes of a whole file.
async fn count(mut messages: Messages<CreateImageRequest>) -> Result<Response<usize>, Status> {
    let first = messages.next().await.and_then(|message| message.part);
    assert_eq!(first, Some(create_image_request::Part::Header(header())));
    let mut size = 0;
    while let Some(message) = messages.next().await {
        match message.part {
            Some(create_image_request::Part::Chunk(bytes)) => {
                assert!(bytes.len() <= PIECE, "{} bytes in a message", bytes.len());
                size += bytes.len();
            }
            other => panic!("no bytes: {other:?}"),
        }
    }
    Ok(Response::new(size))
}

#[tokio::test]
async fn a_file_arrives_whole_and_in_small_messages() {
    let mut form = files(&[LIMIT]).await;
    let size = relay(&mut next(&mut form).await, header(), PATIENCE, count).await;
    assert_eq!(size.expect("stored"), LIMIT);
}

#[tokio::test]
async fn a_file_that_is_too_large_never_looks_like_a_shorter_one() {
    let ended = Arc::new(AtomicBool::new(false));
    let service = |messages| {
        let ended = Arc::clone(&ended);
        // As a server elsewhere does, it goes on reading on its own.
        let reading = tokio::spawn(async move {
            let answer = count(messages).await;
            ended.store(true, Ordering::Relaxed);
            answer
        });
        async move { reading.await.expect("no panic") }
    };
    let mut form = files(&[LIMIT + 1]).await;
    let stored = relay(&mut next(&mut form).await, header(), PATIENCE, service).await;
    assert!(matches!(stored, Err(Failure::Oversized(_))), "{stored:?}");
    tokio::task::yield_now().await;
    assert!(!ended.load(Ordering::Relaxed));
}

#[tokio::test]
async fn after_a_refused_file_the_next_one_is_read() {
    let refuse = |messages: Messages<CreateImageRequest>| async move {
        drop(messages);
        Err::<Response<usize>, _>(Status::invalid_argument("no image"))
    };
    let mut form = files(&[LIMIT, 7]).await;
    let first = relay(&mut next(&mut form).await, header(), PATIENCE, refuse).await;
    assert!(matches!(first, Err(Failure::Refused(_))), "{first:?}");
    let second = relay(&mut next(&mut form).await, header(), PATIENCE, count).await;
    assert_eq!(second.expect("stored"), 7);
}

#[tokio::test]
async fn after_a_file_that_is_too_large_the_next_one_is_read() {
    let mut form = files(&[3 * LIMIT, 7]).await;
    let mut file = next(&mut form).await;
    let first = relay(&mut file, header(), PATIENCE, count).await;
    assert!(matches!(first, Err(Failure::Oversized(_))), "{first:?}");
    assert!(file.skip(LIMIT).await.is_err());
    file.skip(2 * LIMIT).await.expect("the end of the file");
    drop(file);
    let second = relay(&mut next(&mut form).await, header(), PATIENCE, count).await;
    assert_eq!(second.expect("stored"), 7);
}

#[tokio::test]
async fn who_looks_at_the_first_bytes_takes_none_away() {
    let mut form = files(&[3, LIMIT + 1]).await;
    let mut short = next(&mut form).await;
    assert_eq!(short.peek(4).await.expect("bytes"), b"aaa");
    assert_eq!(
        short.next().await.expect("bytes").as_deref(),
        Some(&b"aaa"[..])
    );
    drop(short);
    let mut long = next(&mut form).await;
    assert_eq!(long.peek(4).await.expect("bytes"), b"aaaa");
    long.widen(LIMIT + 1);
    let size = relay(&mut long, header(), PATIENCE, count).await;
    assert_eq!(size.expect("stored"), LIMIT + 1);
}

#[tokio::test]
async fn an_empty_file_is_not_sent_on() {
    let unasked = |_: Messages<CreateImageRequest>| async { panic!("the service was asked") };
    let mut form = files(&[0]).await;
    let stored: Result<usize, _> =
        relay(&mut next(&mut form).await, header(), PATIENCE, unasked).await;
    assert!(matches!(stored, Err(Failure::Refused(_))), "{stored:?}");
}

#[tokio::test(start_paused = true)]
async fn a_sender_who_stands_still_is_given_up() {
    let mut form = form(vec![HEAD.into(), vec![b'a'; PIECE].into()], true).await;
    let stored = relay(&mut next(&mut form).await, header(), PATIENCE, count).await;
    assert!(matches!(stored, Err(Failure::Broken(_))), "{stored:?}");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stands_still_is_given_up() {
    let stuck = |messages: Messages<CreateImageRequest>| async move {
        let _unread = messages;
        std::future::pending::<Result<Response<usize>, Status>>().await
    };
    let mut form = files(&[LIMIT]).await;
    let stored = relay(&mut next(&mut form).await, header(), PATIENCE, stuck).await;
    assert!(matches!(stored, Err(Failure::Broken(_))), "{stored:?}");
}
