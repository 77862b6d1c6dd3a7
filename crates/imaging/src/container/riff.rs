//! RIFF, of which WebP files are made.

use std::ops::Range;

/// Bytes before the first chunk: `RIFF`, the length, `WEBP`.
const HEADER: usize = 12;

/// Types of all chunks, and where their data are; up to the first that is not whole.
pub(crate) fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], Range<usize>)> {
    let mut at = HEADER;
    std::iter::from_fn(move || {
        let (kind, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*rest.first_chunk()?) as usize;
        let data = at + 8..(at + 8).checked_add(length)?;
        // Chunks of an odd length have a byte of padding.
        at = data.end.checked_add(length % 2)?;
        (data.end <= bytes.len()).then_some((*kind, data))
    })
}
