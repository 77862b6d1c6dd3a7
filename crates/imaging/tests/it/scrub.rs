//! After scrubbing nobody finds the place, and everything else is where it was.

use std::io::{Cursor, Write as _};

use exif::{Context, Reader, Tag};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use pupila_imaging::{Exif, Limits, decode, scrub_location};

use crate::{
    cameras::{
        app1, block, camera, chunk, field, files, jpeg, jpeg_with, place, png_with, tiff, web_p,
    },
    fixture::fixture,
};

const XMP: &str = r#"<x:xmpmeta><rdf:Description tiff:Make="NIKON" exif:GPSLatitude="43,28.0469N"
    exif:GPSLongitude="11,53.1075W"/></x:xmpmeta>"#;

/// Numbers of the place, as they are written in EXIF and XMP.
fn tells_place(bytes: &[u8]) -> bool {
    let minutes = [
        &b"43,28"[..],
        &[0, 0, 10, 254, 0, 0, 3, 232],
        &[254, 10, 0, 0, 232, 3, 0, 0],
    ];
    let tells = |number: &&[u8]| bytes.windows(number.len()).any(|window| window == *number);
    minutes.iter().any(tells)
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("written");
    encoder.finish().expect("written")
}

#[test]
fn another_reader_finds_no_place_and_all_the_rest() {
    let fields = [camera(), place()].concat();
    for little_endian in [false, true] {
        for (format, bytes) in files(&fields, little_endian) {
            assert!(tells_place(&bytes), "{format}");
            let before = decode(&bytes, &Limits::default()).expect(format);
            let length = bytes.len();
            let scrubbed = scrub_location(bytes);

            assert_eq!(scrubbed.len(), length, "{format}");
            assert!(!tells_place(&scrubbed), "{format}");
            assert_eq!(
                decode(&scrubbed, &Limits::default()),
                Ok(before),
                "{format}"
            );
            let exif = Exif::read(&scrubbed);
            assert_eq!(exif.location, None, "{format}");
            assert!(exif.camera.is_some() && exif.taken_at.is_some(), "{format}");
            if format == "WebP of another program" {
                // The other reader does not know it.
                continue;
            }
            let found = Reader::new()
                .read_from_container(&mut Cursor::new(&scrubbed))
                .expect("sound");
            let found: Vec<_> = found.fields().map(|field| field.tag).collect();
            assert!(
                found.iter().all(|tag| tag.context() != Context::Gps),
                "{format}"
            );
            for expected in camera() {
                assert!(found.contains(&expected.tag), "{format}: {}", expected.tag);
            }
        }
    }
}

#[test]
fn scrubbing_twice_changes_nothing_more() {
    for (format, bytes) in files(&[camera(), place()].concat(), true) {
        let once = scrub_location(bytes);
        assert_eq!(scrub_location(once.clone()), once, "{format}");
    }
}

#[test]
fn a_file_without_a_place_comes_back_as_it_was() {
    let names = [
        "scene.png",
        "scene.gif",
        "scene.bmp",
        "scene.tiff",
        "scene.webp",
        "lossy.webp",
        "scene.jpeg",
        "progressive.jpeg",
        "cmyk.jpeg",
        "orientation-6.png",
        "orientation-6.tiff",
        "orientation-6.webp",
    ];
    let plain = names.iter().map(|name| fixture(name));
    let cameras = files(&camera(), false).map(|(_, bytes)| bytes);
    let text = png_with(&[chunk(b"tEXt", b"Comment\0exif:GPSLatitude=\"1\"")]);
    let broken = png_with(&[b"\0\0\0\x04teXt1234\0\0\0\0".to_vec()]);
    for bytes in plain
        .chain(cameras)
        .chain([text, broken, b"noise".to_vec(), Vec::new()])
    {
        assert!(scrub_location(bytes.clone()) == bytes);
    }
}

#[test]
fn xmp_loses_the_place_and_keeps_the_rest() {
    let xmp = XMP.as_bytes();
    let mut even = xmp.to_vec();
    even.resize(xmp.len().next_multiple_of(2), b' ');
    let in_png = [b"XML:com.adobe.xmp\0\0\0\0\0", xmp].concat();
    let in_tiff = field(Tag(Context::Tiff, 0x02BC), exif::Value::Byte(xmp.to_vec()));
    let files = [
        jpeg(&[app1(&[b"http://ns.adobe.com/xap/1.0/\0", xmp].concat())]),
        png_with(&[chunk(b"iTXt", &in_png)]),
        web_p(&[(b"XMP ", even)]),
        tiff(&[in_tiff], false),
    ];
    for bytes in files {
        let length = bytes.len();
        assert!(tells_place(&bytes));
        let before = decode(&bytes, &Limits::default()).expect("sound");
        let scrubbed = scrub_location(bytes);
        assert!(!tells_place(&scrubbed));
        assert_eq!(scrubbed.len(), length);
        let make = b"tiff:Make=\"NIKON\"";
        assert!(scrubbed.windows(make.len()).any(|window| window == make));
        assert_eq!(decode(&scrubbed, &Limits::default()), Ok(before));
    }
}

#[test]
fn xmp_of_a_gif_loses_the_place_however_it_is_stored() {
    let trailer: Vec<u8> = [1].into_iter().chain((0..=255).rev()).collect();
    let as_it_is = [XMP.as_bytes(), trailer.as_slice()].concat();
    let in_blocks: Vec<u8> = XMP
        .as_bytes()
        .chunks(50)
        .flat_map(|piece| [&[piece.len() as u8], piece].concat())
        .collect();
    for data in [as_it_is, in_blocks] {
        let plain = fixture("scene.gif");
        let (pictures, end) = plain.split_at(plain.len() - 1);
        let extension = [b"\x21\xFF\x0BXMP DataXMP", data.as_slice(), b"\0"].concat();
        let bytes = [pictures, &extension, end].concat();
        let scrubbed = scrub_location(bytes.clone());
        assert_eq!(scrubbed.len(), bytes.len());
        // The numbers may lie in two sub-blocks.
        for number in [&b"28.0469"[..], b"53.1075", b"GPSL"] {
            assert!(!scrubbed.windows(number.len()).any(|it| it == number));
        }
        let make = b"NIKON";
        assert!(scrubbed.windows(make.len()).any(|it| it == make));
        assert!(decode(&scrubbed, &Limits::default()) == decode(&plain, &Limits::default()));
        assert!(scrub_location(scrubbed.clone()) == scrubbed);
    }
}

#[test]
fn xmp_that_is_cut_into_pieces_is_joined_first() {
    let (one, other) = XMP.as_bytes().split_at(XMP.find("3,28").expect("there"));
    let piece = |text: &[u8]| {
        let head = [b'0'; 40];
        app1(&[b"http://ns.adobe.com/xmp/extension/\0", &head[..], text].concat())
    };
    let scrubbed = scrub_location(jpeg(&[piece(one), piece(other)]));
    let text = String::from_utf8_lossy(&scrubbed);
    assert!(!text.contains("3,28") && !text.contains("11,53") && text.contains("NIKON"));
}

#[test]
fn what_is_packed_up_in_a_png_is_dropped() {
    let fields = [camera(), place()].concat();
    let profile = [b"Exif\0\0", block(&fields, true).as_slice()].concat();
    let digits: String = profile.iter().map(|byte| format!("{byte:02x}")).collect();
    let profile = packed(format!("\nexif\n{:8}\n{digits}\n", digits.len() / 2).as_bytes());
    let itxt = [
        b"XML:com.adobe.xmp\0\x01\0\0\0",
        packed(XMP.as_bytes()).as_slice(),
    ]
    .concat();
    let chunks = [
        chunk(b"tEXt", b"Comment\0stays"),
        chunk(
            b"zTXt",
            &[b"Raw profile type exif\0\0", profile.as_slice()].concat(),
        ),
        chunk(b"iTXt", &itxt),
    ];
    let scrubbed = scrub_location(png_with(&chunks));
    assert!(scrubbed == png_with(&chunks[..1]));
}

#[test]
fn texts_of_a_png_that_are_coordinates_are_dropped() {
    let itxt = b"exif:GPSLongitude\0\0\0\0\x0011/1, 53/1, 64554/10000";
    let ztxt = [b"exif:GPSInfo\0\0".to_vec(), packed(b"1234")].concat();
    let chunks = [
        chunk(b"tEXt", b"exif:Make\0NIKON"),
        chunk(b"tEXt", b"exif:GPSLatitude\x0043/1, 28/1, 2814/1000"),
        chunk(b"iTXt", itxt),
        chunk(b"zTXt", &ztxt),
    ];
    let scrubbed = scrub_location(png_with(&chunks));
    assert!(scrubbed == png_with(&chunks[..1]));
}

#[test]
fn pictures_and_videos_that_a_phone_appends_are_scrubbed_too() {
    let first = fixture("scene.jpeg");
    let second = jpeg_with(&block(&[camera(), place()].concat(), false));
    let video = b"\0\0\0\x20ftypmp42 \xA9xyz\0\x12\x15\xC7+43.4674-011.8851/ moov";
    let scrubbed = scrub_location([&first, b"padding".as_slice(), &second, video].concat());
    assert!(!tells_place(&scrubbed));
    assert!(scrubbed.starts_with(&first));
    assert!(scrubbed.ends_with(b"\x15\xC7+00.0000-000.0000/ moov"));
}

/// A place whose value lies over the directory that leads to it.
#[test]
fn a_place_that_lies_over_other_fields_leaves_them() {
    let mut bytes = block(&[camera(), place()].concat(), false);
    let latitude = [0, 2, 0, 5, 0, 0, 0, 3];
    let at = bytes
        .windows(8)
        .position(|window| window == latitude)
        .expect("an entry");
    bytes[at + 8..at + 12].copy_from_slice(&8_u32.to_be_bytes());
    let exif = Exif::read(&scrub_location(jpeg_with(&bytes)));
    assert_eq!(exif.location, None);
    assert!(exif.camera.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn no_damage_makes_reading_or_scrubbing_panic(
        file in 0..5_usize,
        little_endian: bool,
        flips in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 0..12),
        keep in 0.5..1.0_f64,
    ) {
        let mut files = files(&[camera(), place()].concat(), little_endian);
        let bytes = &mut files[file].1;
        // Where the metadata are, which is not in the middle of the pixels.
        let length = bytes.len() as f64;
        let reach = length.min(700.0);
        for (at, value) in flips {
            let at = match file {
                2 | 3 => length - 1.0 - at * reach,
                _ => at * reach,
            };
            bytes[at as usize] = value;
        }
        bytes.truncate((length * keep) as usize);
        let _ = Exif::read(bytes);
        let scrubbed = scrub_location(bytes.clone());
        prop_assert!(scrubbed.len() <= bytes.len());
        prop_assert!(scrub_location(scrubbed.clone()) == scrubbed);
        prop_assert_eq!(Exif::read(&scrubbed).location, None);
    }
}
