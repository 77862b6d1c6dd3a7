//! Coordinates in the video that a phone appends to a JPEG ("motion photo").

use memchr::memmem;

use crate::container::jpeg::{END, Segments};

/// The type of a QuickTime box that holds coordinates: the copyright sign in Mac Roman, then "xyz".
const BOX: &[u8] = b"\xA9xyz";
/// Bytes between that and the text: its length, and a language.
const HEAD: usize = 4;
/// The shortest text that is one: `+1.0+2.0`.
const SHORTEST: usize = 8;

/// Sets coordinates (ISO 6709, such as `+41.40+002.17/`) after the first picture to zero.
pub(super) fn blank(bytes: &mut [u8]) {
    let Some(picture) = Segments::of(bytes).find(|segment| segment.marker == END) else {
        return;
    };
    let appended = &mut bytes[picture.payload.end..];
    let boxes: Vec<_> = memmem::find_iter(appended, BOX).collect();
    for found in boxes {
        let text = (found + BOX.len() + HEAD).min(appended.len());
        let is_part = |byte: &&mut u8| matches!(**byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'/');
        let length = appended[text..].iter_mut().take_while(is_part).count();
        if length >= SHORTEST {
            let digits = appended[text..text + length].iter_mut();
            digits
                .filter(|byte| byte.is_ascii_digit())
                .for_each(|digit| *digit = b'0');
        }
    }
}
