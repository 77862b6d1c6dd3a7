//! Text chunks of a PNG that tell a place: EXIF and XMP packed up, so that nothing in them can be blanked in place, and
//! single properties under their own names.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{gps, xmp};
use crate::container::png;

/// XMP's own keyword.
const XMP: &[u8] = b"XML:com.adobe.xmp";
/// Keywords under which ImageMagick keeps what it found in other formats, in hexadecimal digits.
const PROFILES: [&[u8]; 3] = [
    b"Raw profile type exif",
    b"Raw profile type APP1",
    b"Raw profile type xmp",
];

/// What EXIF begins with in JPEG.
const EXIF: &[u8] = b"Exif\0\0";

/// Most bytes that all such texts of a file may unpack to. Whatever goes beyond is dropped unseen.
const MAX_UNPACKED: u64 = 16 * 1024 * 1024;

/// The file without the chunks of such texts that tell a place.
pub(super) fn without_places(bytes: Vec<u8>) -> Vec<u8> {
    let mut budget = MAX_UNPACKED;
    let dropped: Vec<_> = png::chunks(&bytes)
        .filter(|chunk| tells_place(chunk.kind, &bytes[chunk.data.clone()], &mut budget))
        .map(|chunk| chunk.whole())
        .collect();
    if dropped.is_empty() {
        return bytes;
    }
    let mut left = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for chunk in dropped {
        left.extend_from_slice(&bytes[at..chunk.start]);
        at = chunk.end;
    }
    left.extend_from_slice(&bytes[at..]);
    left
}

fn tells_place(kind: [u8; 4], data: &[u8], budget: &mut u64) -> bool {
    let Some(text) = Text::of(kind, data) else {
        return false;
    };
    // As ImageMagick writes what it found in EXIF: `exif:GPSLatitude`.
    if xmp::is_place(text.keyword) {
        return true;
    }
    let is_profile = PROFILES.contains(&text.keyword);
    // What is not compressed has been blanked.
    let is_packed_xmp = text.keyword == XMP && text.is_compressed;
    if !(is_profile || is_packed_xmp) {
        return false;
    }
    let Some(text) = text.unpacked(budget) else {
        return true;
    };
    let mut metadata = match is_profile {
        true => from_hexadecimal(&text),
        false => text,
    };
    match metadata.starts_with(EXIF) {
        true => gps::blank(&mut metadata[EXIF.len()..]),
        false => xmp::blank(&mut metadata),
    }
}

/// A text chunk (PNG 3rd edition, 11.3.3).
struct Text<'a> {
    keyword: &'a [u8],
    is_compressed: bool,
    text: &'a [u8],
}

impl<'a> Text<'a> {
    fn of(kind: [u8; 4], data: &'a [u8]) -> Option<Self> {
        let (keyword, rest) = split_at_zero(data)?;
        let (is_compressed, text) = match &kind {
            b"tEXt" => (false, rest),
            b"zTXt" => (true, rest.get(1..)?),
            b"iTXt" => {
                let (flags, rest) = rest.split_first_chunk::<2>()?;
                let (_language, rest) = split_at_zero(rest)?;
                let (_keyword, rest) = split_at_zero(rest)?;
                (flags[0] == 1, rest)
            }
            _ => return None,
        };
        Some(Self {
            keyword,
            is_compressed,
            text,
        })
    }

    /// `None` beyond the budget. Of a text that is broken, as much as can be read.
    fn unpacked(&self, budget: &mut u64) -> Option<Vec<u8>> {
        if !self.is_compressed {
            return Some(self.text.to_vec());
        }
        let mut text = Vec::new();
        let mut packed = ZlibDecoder::new(self.text).take(*budget + 1);
        let _ = packed.read_to_end(&mut text);
        *budget = budget.checked_sub(text.len() as u64)?;
        Some(text)
    }
}

fn split_at_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// The bytes after a line with the name and one with the length.
fn from_hexadecimal(text: &[u8]) -> Vec<u8> {
    let mut lines = text.trim_ascii_start().splitn(3, |byte| *byte == b'\n');
    let digits = lines.nth(2).unwrap_or_default();
    let digits: Vec<u8> = digits
        .iter()
        .filter_map(|digit| char::from(*digit).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    let (bytes, _) = digits.as_chunks::<2>();
    bytes.iter().map(|[high, low]| high << 4 | low).collect()
}
