//! JPEG: segments that markers begin (ITU-T T.81, B.1).

use std::ops::Range;

use memchr::{memchr, memmem};

/// The end of a picture.
pub(crate) const END: u8 = 0xD9;
/// Application segment 1: EXIF and XMP.
pub(crate) const APP1: u8 = 0xE1;

/// The start of a picture, and the marker that follows.
const START: [u8; 3] = [0xFF, 0xD8, 0xFF];

/// A marker and what it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The second byte of the marker.
    pub(crate) marker: u8,
    /// Where its bytes are, without its length.
    pub(crate) payload: Range<usize>,
}

/// All segments of a file. Phones append further pictures to the first: theirs follow its end.
pub(crate) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Segments<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        let all = self.bytes.len();
        loop {
            let marker = self.at + memchr(0xFF, self.bytes.get(self.at..)?)?;
            match self.bytes[marker + 1..] {
                // A picture ends; its bytes may be followed by anything.
                [END, ..] => {
                    let end = marker + 2;
                    let next = memmem::find(&self.bytes[end..], &START);
                    self.at = next.map_or(all, |next| end + next);
                    return Some(Segment {
                        marker: END,
                        payload: end..end,
                    });
                }
                // A fill byte: the next byte may be the marker.
                [0xFF, ..] => self.at = marker + 1,
                // Stuffing and restarts within a scan, and the start of a picture, carry no length.
                [0x00 | 0x01 | 0xD0..=0xD8, ..] => self.at = marker + 2,
                // A segment is skipped whole: thumbnails inside it have markers of their own.
                [kind, high, low, ..] => {
                    let length = usize::from(u16::from_be_bytes([high, low]));
                    self.at = (marker + 2 + length).min(all);
                    return Some(Segment {
                        marker: kind,
                        payload: marker + 4..self.at.max(marker + 4),
                    });
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_of_a_file_is_walked() {
        let bytes =
            b"\xFF\xD8\xFF\xE1\x00\x05abc\xFF\xDA\x00\x02\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD9\
              junk \xFF\xE1 \xFF\xD8\xFF\xFE\x00\x03!\xFF\xD9\xFF";
        let found: Vec<_> = Segments::of(bytes)
            .map(|segment| (segment.marker, &bytes[segment.payload]))
            .collect();
        let expected: [(u8, &[u8]); 5] = [
            (APP1, b"abc"),
            (0xDA, b""),
            (END, b""),
            (0xFE, b"!"),
            (END, b""),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn lies_about_lengths_lead_nowhere() {
        for bytes in [
            b"\xFF\xE1\xFF\xFFabc".as_slice(),
            b"\xFF\xE1\x00\x00",
            b"\xFF\xE1\x00",
            b"\xFF\xE1",
            b"\xFF",
            b"",
        ] {
            for segment in Segments::of(bytes) {
                assert!(bytes.get(segment.payload).is_some());
            }
        }
    }
}
