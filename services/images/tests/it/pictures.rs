//! Files to upload.

use std::{fs, io::Cursor, path::PathBuf};

use exif::{Field, In, Rational, Tag, Value, experimental::Writer};
use pupila_imaging::{Decoded, Limits, decode};

/// 16 x 16 pixels of one colour, red, green, blue, as an uncompressed BMP: the simplest format to write by hand.
pub(crate) fn colour([red, green, blue]: [u8; 3]) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend(822_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(54_u32.to_le_bytes());
    bytes.extend(40_u32.to_le_bytes());
    bytes.extend(16_i32.to_le_bytes());
    bytes.extend(16_i32.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes.extend([blue, green, red].repeat(16 * 16));
    bytes
}

/// Bytes of such a file.
pub(crate) const SIZE: u64 = 822;

/// One of many files, each of which is another one.
pub(crate) fn numbered(number: u32) -> Vec<u8> {
    let [_, red, green, blue] = number.to_be_bytes();
    colour([red, green, blue])
}

/// 1,000 x 300 pixels, uncompressed: 900 kB that no two shades have in common.
pub(crate) fn large(shade: u8) -> Vec<u8> {
    let mut file = colour([shade; 3])[..54].to_vec();
    file[18..22].copy_from_slice(&1_000_i32.to_le_bytes());
    file[22..26].copy_from_slice(&300_i32.to_le_bytes());
    file.extend((0..900_000_u32).map(|at| (at % 251) as u8 ^ shade));
    file
}

/// A file that the tests of imaging use too: a photograph of 97 x 61 pixels, `scene.jpeg` and the like.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../crates/imaging/tests/fixtures")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A photograph that says when, with what and where it was taken: 43° 30' N, 11° 45' E.
pub(crate) fn located() -> Vec<u8> {
    let payload = exif();
    let length = u16::try_from(payload.len() + 2).expect("short");
    let segment = [&[0xFF, 0xE1], &length.to_be_bytes()[..], &payload].concat();
    let plain = fixture("scene.jpeg");
    [&plain[..2], &segment, &plain[2..]].concat()
}

/// The same as a PNG, in a text as ImageMagick writes it. Whoever takes the place out makes the file shorter.
pub(crate) fn located_png() -> Vec<u8> {
    let payload = exif();
    let digits: String = payload.iter().map(|byte| format!("{byte:02x}")).collect();
    let keyword = "tEXtRaw profile type exif\0";
    let text = format!("{keyword}\nexif\n{}\n{digits}\n", payload.len());
    let length = u32::try_from(text.len() - 4).expect("short").to_be_bytes();
    let checksum = crc32fast::hash(text.as_bytes()).to_be_bytes();
    let plain = fixture("scene.png");
    let (head, rest) = plain.split_at(8 + 25);
    [head, &length, text.as_bytes(), &checksum, rest].concat()
}

/// An EXIF block, as it stands in a JPEG.
fn exif() -> Vec<u8> {
    let ascii = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let degrees = |degrees, minutes| {
        let rational = |num| Rational { num, denom: 1 };
        Value::Rational(vec![rational(degrees), rational(minutes), rational(0)])
    };
    let fields = [
        (Tag::Make, ascii("NIKON")),
        (Tag::Model, ascii("COOLPIX P6000")),
        (Tag::DateTimeOriginal, ascii("2008:10:22 16:28:39")),
        (Tag::GPSLatitudeRef, ascii("N")),
        (Tag::GPSLatitude, degrees(43, 30)),
        (Tag::GPSLongitudeRef, ascii("E")),
        (Tag::GPSLongitude, degrees(11, 45)),
    ]
    .map(|(tag, value)| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, false).expect("written");
    [&b"Exif\0\0"[..], bytes.get_ref()].concat()
}

/// A GIF of that many frames of one pixel.
pub(crate) fn gif(frames: usize) -> Vec<u8> {
    let head = [
        &b"GIF89a"[..],
        &[1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ]
    .concat();
    let frame = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
    [head, frame.repeat(frames), vec![0x3B]].concat()
}

pub(crate) fn decoded(bytes: &[u8]) -> Decoded {
    decode(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}
