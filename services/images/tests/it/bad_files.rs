//! Files that are no whole images are refused, by name, and leave nothing behind.

use std::{fs, path::PathBuf};

use pupila_core::ErrorCode;
use pupila_proto::images::v1::ReadRenditionRequest;

use crate::{
    harness::TestImages,
    pictures::{fixture, gif},
};

/// A PNG that declares 100,000 x 100,000 pixels in a few bytes.
fn bomb() -> Vec<u8> {
    let mut bytes = fixture("scene.png");
    bytes[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&100_000_u32.to_be_bytes());
    let checksum = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_whole_images_are_refused_and_leave_nothing() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let jpeg = fixture("scene.jpeg");
    let cut = |name: &str| {
        let whole = fixture(name);
        whole[..whole.len() * 2 / 3].to_vec()
    };
    let mut scrambled = fixture("scene.png");
    let middle = scrambled.len() / 2;
    scrambled[middle..middle + 16].fill(0xA5);
    let unprocessable = ErrorCode::Unprocessable;
    for (name, file, code, reason) in [
        ("text", b"hello".to_vec(), unprocessable, "IMAGE_UNREADABLE"),
        ("one byte", vec![0], unprocessable, "IMAGE_UNREADABLE"),
        (
            "a page",
            b"<html></html>".to_vec(),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "a head",
            jpeg[..4].to_vec(),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "half a JPEG",
            cut("scene.jpeg"),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "half a PNG",
            cut("scene.png"),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "half a WebP",
            cut("scene.webp"),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "half a GIF",
            cut("scene.gif"),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "half a TIFF",
            cut("scene.tiff"),
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        (
            "a damaged PNG",
            scrambled,
            unprocessable,
            "IMAGE_UNREADABLE",
        ),
        ("a bomb", bomb(), unprocessable, "TOO_MANY_PIXELS"),
        (
            "a drawing",
            b"<svg xmlns=''/>".to_vec(),
            ErrorCode::UnsupportedFormat,
            "UNSUPPORTED_FORMAT",
        ),
        (
            "a HEIC",
            b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(),
            ErrorCode::UnsupportedFormat,
            "UNSUPPORTED_FORMAT",
        ),
    ] {
        let error = ana.upload(&file).await.expect_err(name);
        assert_eq!(
            (error.code, &*error.reason),
            (code, reason),
            "{name}: {error}"
        );
    }
    assert_eq!(images.objects().await, [""; 0]);
    for table in ["images", "blobs", "loose_objects"] {
        assert_eq!(images.rows(table).await, 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_of_a_thousand_frames_is_enough() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.upload(gif(1_000)).await.expect("stored");
    assert_eq!((&*stored.format, stored.width), ("gif", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_png_suite_is_stored_or_refused() {
    let Ok(data) = std::env::var("PUPILA_TEST_DATA") else {
        return;
    };
    let folder = PathBuf::from(data).join("images/pngsuite");
    let images = TestImages::start().await;
    let ana = images.user("ana");
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if !name.ends_with(".png") {
            continue;
        }
        let file = fs::read(&path).expect("a file");
        let answer = ana.upload(&file).await;
        // Names of files that are broken on purpose begin with an x.
        assert_eq!(answer.is_err(), name.starts_with('x'), "{name}: {answer:?}");
        if let Ok(stored) = answer {
            let thumbnail = ana.rendition(ReadRenditionRequest {
                id: stored.id,
                preset: "thumbnail".to_owned(),
                ..Default::default()
            });
            thumbnail
                .await
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}
