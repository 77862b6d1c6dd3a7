use std::{
    io::{Cursor, Read as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::StreamExt as _;
use pupila_proto::images::v1::Image;
use zip::ZipArchive;

use super::*;
use crate::error::RequestError;

const PIECE: usize = 64 << 10;

fn image(name: &str, size: usize) -> Image {
    Image {
        name: name.to_owned(),
        format: "png".to_owned(),
        size: size as u64,
        ..Image::default()
    }
}

fn content(name: &str, bytes: &'static [u8]) -> Result<Content, Problem> {
    let pieces = stream::iter(bytes.chunks(3).map(|piece| Ok(Bytes::from_static(piece))));
    Ok((image(name, bytes.len()), pieces.boxed()))
}

fn broken() -> RpcError {
    tonic::Status::unavailable("gone").into()
}

/// What was sent, and whether it broke off.
async fn packed(contents: Vec<Result<Content, Problem>>) -> (Vec<u8>, bool) {
    let mut sent = Vec::new();
    let mut pieces = Box::pin(pack(stream::iter(contents).boxed()));
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(bytes) => sent.extend_from_slice(&bytes),
            Err(_) => return (sent, true),
        }
    }
    (sent, false)
}

#[tokio::test]
async fn the_files_come_out_as_they_went_in() {
    let contents = vec![
        content("a.png", b"first file"),
        content("a.png", b""),
        content("../b", b"third"),
    ];
    let (sent, broke_off) = packed(contents).await;
    assert!(!broke_off);
    let mut archive = ZipArchive::new(Cursor::new(sent)).expect("a ZIP file");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("its bytes");
        let name = file.name().expect("a name").into_owned();
        files.push((name, text));
    }
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    assert_eq!(
        files,
        [
            ("0001-a.png", "first file"),
            ("0002-a.png", ""),
            ("0003-.._b.png", "third"),
        ]
    );
}

#[tokio::test]
async fn an_empty_album_is_an_empty_archive() {
    let (sent, broke_off) = packed(Vec::new()).await;
    assert!(!broke_off);
    assert!(
        ZipArchive::new(Cursor::new(sent))
            .expect("a ZIP file")
            .is_empty()
    );
}

#[tokio::test]
async fn what_broke_off_is_no_archive() {
    let half = stream::iter([Ok(Bytes::from_static(b"ha")), Err(broken())]);
    let cases: [Result<Content, Problem>; 2] = [
        Ok((image("b.png", 4), half.boxed())),
        Err(RequestError::Failed.into()),
    ];
    for case in cases {
        let (sent, broke_off) = packed(vec![content("a.png", b"first"), case]).await;
        assert!(broke_off);
        assert!(ZipArchive::new(Cursor::new(sent)).is_err());
    }
}

#[tokio::test]
async fn no_more_is_read_than_is_taken_away() {
    let read = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&read);
    let pieces = stream::iter(0..1000).map(move |_| {
        count.fetch_add(PIECE, Ordering::Relaxed);
        Ok(Bytes::from(vec![0; PIECE]))
    });
    let contents = stream::iter([Ok((image("large.png", 1000 * PIECE), pieces.boxed()))]);
    let mut sent = 0;
    let mut archive = Box::pin(pack(contents.boxed()));
    while let Some(bytes) = archive.next().await {
        sent += bytes.expect("no error").len();
        assert!(read.load(Ordering::Relaxed) <= sent + PIECE);
    }
    assert!(sent > 1000 * PIECE);
}
