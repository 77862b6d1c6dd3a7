//! What tells a ZIP from other files.

/// Bytes that tell a ZIP.
pub const ZIP_SIGNATURE_LEN: usize = 4;

/// What a ZIP begins with: its first entry, or the end of one that has none.
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.7 and 4.3.16
const SIGNATURES: [[u8; ZIP_SIGNATURE_LEN]; 2] = [*b"PK\x03\x04", *b"PK\x05\x06"];

/// Whether a file that begins with these bytes is a ZIP; not so with fewer than [`ZIP_SIGNATURE_LEN`].
#[must_use]
pub fn is_zip(start: &[u8]) -> bool {
    SIGNATURES
        .iter()
        .any(|signature| start.starts_with(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_begins_with_an_entry_or_with_its_end() {
        assert!(is_zip(b"PK\x03\x04 and so on"));
        assert!(is_zip(b"PK\x05\x06"));
        // The list, or a piece of several.
        for other in [
            &b"PK\x01\x02"[..],
            b"PK\x07\x08",
            b"PK\x03",
            b"",
            b"\x89PNG",
        ] {
            assert!(!is_zip(other), "{other:?}");
        }
    }
}
