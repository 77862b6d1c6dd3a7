//! What a camera wrote, and what others made of it.

use exif::{Field, Rational, Tag, Value};
use jiff::{civil, tz::Offset};
use pupila_imaging::{Camera, Exif, Location, TakenAt};

use crate::{
    cameras::{ascii, block, camera, field, files, jpeg_with, place, rationals, tiff},
    fixture::fixture,
};

fn read(fields: &[Field]) -> Exif {
    Exif::read(&jpeg_with(&block(fields, false)))
}

#[test]
fn time_camera_and_place_are_read_from_every_format() {
    let fields = [camera(), place()].concat();
    for little_endian in [false, true] {
        for (format, bytes) in files(&fields, little_endian) {
            let exif = Exif::read(&bytes);
            let taken_at = TakenAt {
                local: civil::datetime(2008, 10, 22, 16, 28, 39, 250_000_000),
                offset: Some(Offset::constant(2)),
            };
            assert_eq!(exif.taken_at, Some(taken_at), "{format}");
            let camera = exif.camera.map(|camera| camera.to_string());
            assert_eq!(camera.as_deref(), Some("NIKON COOLPIX P6000"), "{format}");
            let Location {
                latitude,
                longitude,
                altitude,
            } = exif.location.expect(format);
            assert!(
                (latitude - 43.467_448_333).abs() < 1e-8,
                "{format}: {latitude}"
            );
            assert!(
                (longitude + 11.885_126_5).abs() < 1e-8,
                "{format}: {longitude}"
            );
            assert_eq!(altitude, Some(-12.5), "{format}");
        }
    }
}

#[test]
fn a_file_without_exif_says_nothing() {
    for name in [
        "scene.jpeg",
        "scene.png",
        "scene.webp",
        "scene.tiff",
        "scene.gif",
        "scene.bmp",
    ] {
        assert_eq!(Exif::read(&fixture(name)), Exif::default(), "{name}");
    }
    assert_eq!(Exif::read(b""), Exif::default());
    assert_eq!(Exif::read(b"not an image"), Exif::default());
}

#[test]
fn times_that_never_were_are_dropped() {
    let taken_at = |text| read(&[ascii(Tag::DateTimeOriginal, text)]).taken_at;
    for text in [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2024:02:30 10:00:00",
        "2024:13:01 10:00:00",
        "2024:01:01 25:00:00",
        "2024-01-01 10:00:00",
        "yesterday at noon..",
        "",
    ] {
        assert_eq!(taken_at(text), None, "{text}");
    }
    assert!(taken_at("2024:02:29 23:59:59").is_some());
}

#[test]
fn a_broken_detail_does_not_spoil_the_time() {
    let exif = read(&[
        ascii(Tag::DateTimeOriginal, "2024:02:29 23:59:59"),
        ascii(Tag::SubSecTimeOriginal, "x"),
        ascii(Tag::OffsetTimeOriginal, "+99:99"),
    ]);
    let expected = TakenAt {
        local: civil::datetime(2024, 2, 29, 23, 59, 59, 0),
        offset: None,
    };
    assert_eq!(exif.taken_at, Some(expected));
}

#[test]
fn times_are_written_as_rfc_3339_has_them() {
    let written = |offset| {
        let taken_at = TakenAt {
            local: civil::datetime(2008, 10, 22, 6, 8, 9, 250_000_000),
            offset,
        };
        taken_at.to_string()
    };
    assert_eq!(written(None), "2008-10-22T06:08:09.25");
    assert_eq!(written(Some(Offset::UTC)), "2008-10-22T06:08:09.25+00:00");
    let newfoundland = Offset::from_seconds(-12_600).expect("an offset");
    assert_eq!(written(Some(newfoundland)), "2008-10-22T06:08:09.25-03:30");
}

#[test]
fn the_shutter_counts_more_than_the_file() {
    let exif = read(&[
        ascii(Tag::DateTimeOriginal, "never"),
        ascii(Tag::DateTimeDigitized, "2001:01:01 00:00:00"),
        ascii(Tag::DateTime, "2020:01:01 00:00:00"),
    ]);
    assert_eq!(exif.taken_at.map(|it| it.local.year()), Some(2001));
}

#[test]
fn names_of_cameras_are_tamed() {
    let exif = read(&[
        ascii(Tag::Make, &"x".repeat(5000)),
        ascii(Tag::Model, "\u{1b}[2J <b>\r\n"),
    ]);
    let expected = Camera {
        make: Some("x".repeat(64)),
        model: Some("[2J <b>".to_owned()),
    };
    assert_eq!(exif.camera, Some(expected));
    let wrong = field(
        Tag::Model,
        Value::Rational(vec![Rational { num: 1, denom: 1 }]),
    );
    assert_eq!(read(&[wrong]).camera, None);
}

#[test]
fn places_that_are_not_on_the_earth_are_dropped() {
    let location = |latitude: &[(u32, u32)], side| {
        let replaced = [
            rationals(Tag::GPSLatitude, latitude),
            ascii(Tag::GPSLatitudeRef, side),
        ];
        let others = place();
        let others = others
            .iter()
            .filter(|field| field.tag != Tag::GPSLatitude && field.tag != Tag::GPSLatitudeRef);
        let fields: Vec<_> = replaced.iter().chain(others).cloned().collect();
        read(&fields).location
    };
    for (latitude, side) in [
        ([(91, 1), (0, 1), (0, 1)].as_slice(), "N"),
        (&[(u32::MAX, 1), (u32::MAX, 1), (u32::MAX, 1)], "S"),
        (&[(1, 0), (0, 1), (0, 1)], "N"),
        (&[(0, 0), (0, 0), (0, 0)], "N"),
        (&[], "N"),
        (&[(1, 1), (0, 1), (0, 1)], "X"),
        (&[(1, 1), (0, 1), (0, 1)], ""),
    ] {
        assert_eq!(location(latitude, side), None, "{latitude:?} {side}");
    }
    let south = location(&[(3386, 100)], "s").expect("a place");
    assert!((south.latitude + 33.86).abs() < 1e-9);
}

#[test]
fn an_absurd_altitude_leaves_the_place() {
    let mut fields = place();
    fields.retain(|field| field.tag != Tag::GPSAltitude);
    fields.push(rationals(Tag::GPSAltitude, &[(u32::MAX, 1)]));
    assert_eq!(read(&fields).location.map(|it| it.altitude), Some(None));
}

/// A directory of entries that lead to directories, each of which begins within the one before.
#[test]
fn directories_that_lie_over_each_other_do_not_multiply() {
    let entries = 5_000_u16;
    let mut bytes = b"MM\0\x2A\0\0\0\x08".to_vec();
    bytes.extend(entries.to_be_bytes());
    for number in 0..u32::from(entries) {
        // ExifIFDPointer, LONG, one, somewhere in here.
        bytes.extend([0x87, 0x69, 0, 4, 0, 0, 0, 1]);
        bytes.extend((10 + number * 12).to_be_bytes());
    }
    bytes.extend([0; 4]);
    assert_eq!(Exif::read(&jpeg_with(&bytes)), Exif::default());
}

/// Ten million empty texts would take a quarter of a gigabyte.
#[test]
fn a_text_of_zeroes_costs_nothing() {
    let mut bytes = tiff(&[ascii(Tag::Model, "a model")], true);
    let length = bytes.len();
    bytes.resize(length + 10_000_000, 0);
    let model = [0x10, 0x01, 2, 0];
    let at = bytes
        .windows(4)
        .position(|window| window == model)
        .expect("an entry");
    bytes[at + 4..at + 8].copy_from_slice(&10_000_000_u32.to_le_bytes());
    bytes[at + 8..at + 12].copy_from_slice(&(length as u32).to_le_bytes());
    assert_eq!(Exif::read(&bytes).camera, None);
}
