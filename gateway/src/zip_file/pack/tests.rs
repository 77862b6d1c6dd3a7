use std::{
    io::{Cursor, Read as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::StreamExt as _;
use zip::ZipArchive;

use super::*;
use crate::error::RequestError;

const PIECE: usize = 64 << 10;

fn entry(name: &str, contents: Contents) -> Result<Packing, Problem> {
    Ok(Packing::Entry(Entry {
        name: name.to_owned(),
        time: None,
        compress: false,
        contents,
    }))
}

fn file(name: &str, bytes: &'static [u8]) -> Result<Packing, Problem> {
    let pieces = stream::iter(bytes.chunks(3).map(|piece| Ok(Bytes::from_static(piece))));
    entry(name, pieces.boxed())
}

/// What was sent, and whether it broke off.
async fn packed(entries: Vec<Result<Packing, Problem>>) -> (Vec<u8>, bool) {
    let mut sent = Vec::new();
    let mut pieces = Box::pin(pack(stream::iter(entries).boxed()));
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(bytes) => sent.extend_from_slice(&bytes),
            Err(_) => return (sent, true),
        }
    }
    (sent, false)
}

/// The names and texts of the files in a ZIP file.
fn unpacked(sent: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(sent)).expect("a ZIP file");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("its bytes");
        let name = file.name().expect("a name").into_owned();
        files.push((name, text));
    }
    files
}

fn pairs(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect()
}

#[tokio::test]
async fn the_files_come_out_as_they_went_in() {
    let entries = vec![
        file("a.png", b"first file"),
        file("b.png", b""),
        Ok(Packing::Entry(Entry::text("c.csv", "third"))),
    ];
    let (sent, broke_off) = packed(entries).await;
    assert!(!broke_off);
    let files = unpacked(sent);
    let expected = [("a.png", "first file"), ("b.png", ""), ("c.csv", "third")];
    assert_eq!(pairs(&files), expected);
}

#[tokio::test]
async fn who_reads_from_the_beginning_can_read_every_file() {
    let (sent, _) = packed(vec![file("a.png", b"first"), file("b.png", b"second")]).await;
    // The local headers: deflated, the only method whose length may stand after the file.
    let headers = sent
        .windows(10)
        .filter(|bytes| bytes.starts_with(b"PK\x03\x04"))
        .map(|bytes| (bytes[6] & 8 != 0, u16::from_le_bytes([bytes[8], bytes[9]])));
    assert_eq!(headers.collect::<Vec<_>>(), [(true, 8), (true, 8)]);
}

#[tokio::test]
async fn nothing_is_an_empty_zip_file() {
    let (sent, broke_off) = packed(Vec::new()).await;
    assert!(!broke_off);
    assert!(unpacked(sent).is_empty());
}

#[tokio::test]
async fn what_is_lost_is_named_and_hinders_nothing() {
    let lost = Packing::Lost {
        name: "a.png".to_owned(),
        reason: "its bytes are lost".to_owned(),
    };
    let (sent, broke_off) = packed(vec![Ok(lost), file("b.png", b"second")]).await;
    assert!(!broke_off);
    let files = unpacked(sent);
    let errors = ("errors.txt", "a.png: its bytes are lost\n");
    assert_eq!(pairs(&files), [("b.png", "second"), errors]);
}

#[tokio::test]
async fn what_broke_off_is_no_zip_file() {
    let half = stream::iter([
        Ok(Bytes::from_static(b"ha")),
        Err(RequestError::Failed.into()),
    ]);
    let cases = [
        entry("b.png", half.boxed()),
        Err(RequestError::Failed.into()),
    ];
    for case in cases {
        let (sent, broke_off) = packed(vec![file("a.png", b"first"), case]).await;
        assert!(broke_off);
        assert!(ZipArchive::new(Cursor::new(sent)).is_err());
    }
}

#[tokio::test]
async fn no_more_is_read_than_is_taken_away() {
    // As an image it does not become smaller.
    let noise = (0..PIECE as u64).scan(1_u64, |state, _| {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        Some((*state >> 56) as u8)
    });
    let noise: Bytes = noise.collect();
    let read = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&read);
    let pieces = stream::iter(0..1000).map(move |_| {
        count.fetch_add(PIECE, Ordering::Relaxed);
        Ok(noise.clone())
    });
    let entries = stream::iter([entry("large.png", pieces.boxed())]);
    let mut sent = 0;
    let mut zip = Box::pin(pack(entries.boxed()));
    while let Some(bytes) = zip.next().await {
        sent += bytes.expect("no error").len();
        // Deflate holds back up to a few blocks.
        assert!(read.load(Ordering::Relaxed) <= sent + 4 * PIECE);
    }
    assert!(sent > 1000 * PIECE);
}
