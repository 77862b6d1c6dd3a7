//! GIF: blocks, whose data lie in sub-blocks (GIF89a, 15 and following).

use std::ops::Range;

/// Bytes of the signature and of what is said about the whole screen.
const HEADER: usize = 13;
/// Where these say whether a table of colours follows.
const FLAGS: usize = 10;

/// What an application keeps in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extension {
    /// Name and code of the application, such as `XMP DataXMP`.
    pub(crate) application: [u8; 11],
    /// Where its sub-blocks are, each with its length before it, without the empty one that ends them.
    pub(crate) data: Range<usize>,
}

impl Extension {
    /// Where the data of the sub-blocks are, without their lengths.
    pub(crate) fn pieces(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut at = self.data.start;
        while at < self.data.end {
            let end = at + 1 + usize::from(bytes[at]);
            pieces.push(at + 1..end);
            at = end;
        }
        pieces
    }
}

/// All extensions of applications, up to the first block that is not whole.
pub(crate) fn extensions(bytes: &[u8]) -> impl Iterator<Item = Extension> {
    let mut next = table(bytes, FLAGS).map(|colours| HEADER + colours);
    std::iter::from_fn(move || {
        loop {
            let at = next.take()?;
            match bytes.get(at..)? {
                // Its data follow a sub-block that has the name.
                [0x21, 0xFF, 11, rest @ ..] => {
                    let start = at + 14;
                    let end = end_of_blocks(bytes, start)?;
                    next = Some(end + 1);
                    return Some(Extension {
                        application: *rest.first_chunk()?,
                        data: start..end,
                    });
                }
                [0x21, _, ..] => next = Some(end_of_blocks(bytes, at + 2)? + 1),
                // A picture: its place, its colours, how wide its codes are, and its data.
                [0x2C, ..] => {
                    let start = at + 11 + table(bytes, at + 9)?;
                    next = Some(end_of_blocks(bytes, start)? + 1);
                }
                _ => return None,
            }
        }
    })
}

/// Bytes of the table of colours that such flags announce.
fn table(bytes: &[u8], flags: usize) -> Option<usize> {
    let flags = bytes.get(flags)?;
    Some(match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    })
}

/// Where the empty sub-block is that ends those from there on.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            0 => return Some(at),
            length => at += 1 + usize::from(*length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_found_among_pictures() {
        let screen = b"GIF89a\x01\0\x01\0\x80\0\0\x01\x02\x03\x04\x05\x06";
        let picture = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x4C\x01\0";
        let comment = b"\x21\xFE\x03hey\0";
        let loops = b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\x01!\0";
        let bytes = [&screen[..], comment, picture, loops, picture, b"\x3B"].concat();
        let found: Vec<_> = extensions(&bytes).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(&found[0].application, b"NETSCAPE2.0");
        let pieces = found[0].pieces(&bytes);
        let pieces: Vec<_> = pieces.into_iter().map(|piece| &bytes[piece]).collect();
        assert_eq!(pieces, [&b"\x01\0\0"[..], b"!"]);
        // Wherever it is cut.
        for length in 0..bytes.len() {
            for extension in extensions(&bytes[..length]) {
                assert!(extension.data.end < length);
            }
        }
    }
}
