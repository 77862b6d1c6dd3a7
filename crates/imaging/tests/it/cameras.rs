//! Files as cameras and phones write them, with a place in each.

use std::io::Cursor;

use exif::{Field, In, Rational, SRational, Tag, Value, experimental::Writer};

use crate::fixture::fixture;

pub(crate) fn ascii(tag: Tag, text: &str) -> Field {
    field(tag, Value::Ascii(vec![text.as_bytes().to_vec()]))
}

pub(crate) fn rationals(tag: Tag, values: &[(u32, u32)]) -> Field {
    let rational = |(num, denom): &(u32, u32)| Rational {
        num: *num,
        denom: *denom,
    };
    field(tag, Value::Rational(values.iter().map(rational).collect()))
}

pub(crate) fn field(tag: Tag, value: Value) -> Field {
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    }
}

/// When and with what.
pub(crate) fn camera() -> Vec<Field> {
    vec![
        ascii(Tag::Make, "NIKON"),
        ascii(Tag::Model, "COOLPIX P6000"),
        ascii(Tag::Software, "Nikon Transfer 1.1 W"),
        ascii(Tag::DateTime, "2009:01:01 00:00:00"),
        ascii(Tag::DateTimeOriginal, "2008:10:22 16:28:39"),
        ascii(Tag::SubSecTimeOriginal, "25"),
        ascii(Tag::OffsetTimeOriginal, "+02:00"),
        rationals(Tag::ExposureTime, &[(1, 75)]),
        field(
            Tag::ExposureBiasValue,
            Value::SRational(vec![SRational { num: -1, denom: 3 }]),
        ),
    ]
}

/// Where: 43° 28' 2.814" N, 11° 53' 6.4554" W, 12.5 m below the sea.
pub(crate) fn place() -> Vec<Field> {
    vec![
        ascii(Tag::GPSLatitudeRef, "N"),
        rationals(Tag::GPSLatitude, &[(43, 1), (28, 1), (2814, 1000)]),
        ascii(Tag::GPSLongitudeRef, "W"),
        rationals(Tag::GPSLongitude, &[(11, 1), (53, 1), (64554, 10_000)]),
        field(Tag::GPSAltitudeRef, Value::Byte(vec![1])),
        rationals(Tag::GPSAltitude, &[(25, 2)]),
        ascii(Tag::GPSDateStamp, "2008:10:23"),
        field(
            Tag::GPSProcessingMethod,
            Value::Undefined(b"ASCII\0\0\0a method of some length".to_vec(), 0),
        ),
    ]
}

/// An EXIF block.
pub(crate) fn block(fields: &[Field], little_endian: bool) -> Vec<u8> {
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, little_endian).expect("written");
    bytes.into_inner()
}

/// A segment of the kind APP1.
pub(crate) fn app1(payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("short");
    [&[0xFF, 0xE1], &length.to_be_bytes()[..], payload].concat()
}

/// A JPEG with such segments.
pub(crate) fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = fixture("scene.jpeg");
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

pub(crate) fn jpeg_with(block: &[u8]) -> Vec<u8> {
    jpeg(&[app1(&[b"Exif\0\0", block].concat())])
}

/// A chunk of a PNG.
pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [kind, data].concat();
    let checksum = crc32fast::hash(&checked).to_be_bytes();
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    [&length[..], &checked, &checksum].concat()
}

/// A PNG with such chunks after its header.
pub(crate) fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = fixture("scene.png");
    let (head, rest) = plain.split_at(8 + 25);
    [head, &chunks.concat(), rest].concat()
}

/// A WebP with such chunks after its picture; their data must be of even lengths.
pub(crate) fn web_p(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let riff_chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).expect("short").to_le_bytes();
        [&kind[..], &length, data].concat()
    };
    let flag = |kind: &[u8; 4]| if kind == b"EXIF" { 0x08 } else { 0x04 };
    let flags = chunks.iter().fold(0, |flags, (kind, _)| flags | flag(kind));
    // Then width and height, less one.
    let extended = [flags, 0, 0, 0, 96, 0, 0, 60, 0, 0];
    let mut body = [b"WEBP".to_vec(), riff_chunk(b"VP8X", &extended)].concat();
    body.extend_from_slice(&fixture("scene.webp")[12..]);
    for (kind, data) in chunks {
        body.extend(riff_chunk(kind, data));
    }
    riff_chunk(b"RIFF", &body)
}

/// A TIFF of 4 x 2 grey pixels with such fields.
pub(crate) fn tiff(fields: &[Field], little_endian: bool) -> Vec<u8> {
    let short = |tag, value| field(tag, Value::Short(vec![value]));
    let picture = [
        short(Tag::ImageWidth, 4),
        short(Tag::ImageLength, 2),
        short(Tag::BitsPerSample, 8),
        short(Tag::Compression, 1),
        short(Tag::PhotometricInterpretation, 1),
        short(Tag::SamplesPerPixel, 1),
        short(Tag::RowsPerStrip, 2),
    ];
    let mut writer = Writer::new();
    for field in picture.iter().chain(fields) {
        writer.push_field(field);
    }
    let strip: [&[u8]; 1] = [&[0, 36, 72, 108, 144, 180, 216, 252]];
    writer.set_strips(&strip, In::PRIMARY);
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, little_endian).expect("written");
    bytes.into_inner()
}

/// One file of each format that can tell a place.
pub(crate) fn files(fields: &[Field], little_endian: bool) -> [(&'static str, Vec<u8>); 5] {
    let block = block(fields, little_endian);
    let mut even = block.clone();
    even.resize(block.len().next_multiple_of(2), 0);
    let prefixed = [b"Exif\0\0", even.as_slice()].concat();
    [
        ("JPEG", jpeg_with(&block)),
        ("PNG", png_with(&[chunk(b"eXIf", &block)])),
        ("WebP", web_p(&[(b"EXIF", even)])),
        ("WebP of another program", web_p(&[(b"EXIF", prefixed)])),
        ("TIFF", tiff(fields, little_endian)),
    ]
}
