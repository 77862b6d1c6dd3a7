//! PNG: chunks (PNG 3rd edition, 5.3).

use std::ops::Range;

/// Bytes before the first chunk.
const SIGNATURE: usize = 8;

/// A chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Its type, such as `IDAT`.
    pub(crate) kind: [u8; 4],
    /// Where its data are.
    pub(crate) data: Range<usize>,
}

impl Chunk {
    /// All of it: length, type, data and checksum.
    pub(crate) fn whole(&self) -> Range<usize> {
        self.data.start - 8..self.data.end + 4
    }

    /// What its checksum is about.
    pub(crate) fn checked(&self) -> Range<usize> {
        self.data.start - 4..self.data.end
    }
}

/// All chunks, up to the first that is not whole.
pub(crate) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    let mut at = SIGNATURE;
    std::iter::from_fn(move || {
        let (length, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
        let kind = *rest.first_chunk::<4>()?;
        let data = at + 8..(at + 8).checked_add(u32::from_be_bytes(*length) as usize)?;
        at = data.end.checked_add(4)?;
        (at <= bytes.len()).then_some(Chunk { kind, data })
    })
}
