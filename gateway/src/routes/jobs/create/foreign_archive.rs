//! Archives that are no ZIP, told by their first bytes.

/// Bytes that tell all of them.
pub(super) const SIGNATURE_LEN: usize = 262;

/// Where in a tar file the name of its format is (POSIX.1-2017, pax, "ustar Interchange Format").
const TAR: std::ops::Range<usize> = 257..262;

/// What kind of archive a file is that begins so; `None` where it is none that is known, or a ZIP.
pub(super) fn kind(start: &[u8]) -> Option<&'static str> {
    Some(match start {
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "7z",
        [b'R', b'a', b'r', b'!', 0x1A, 0x07, ..] => "RAR",
        [0x1F, 0x8B, ..] => "gzip",
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => "bzip2",
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => "xz",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
        _ if start.get(TAR) == Some(b"ustar") => "tar",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_known_by_its_first_bytes() {
        let mut tar = vec![0; 512];
        tar[TAR].copy_from_slice(b"ustar");
        for (start, expected) in [
            (&b"7z\xBC\xAF\x27\x1C\0\x04"[..], Some("7z")),
            (b"Rar!\x1A\x07\x01\0", Some("RAR")),
            (b"\x1F\x8B\x08", Some("gzip")),
            (&tar[..SIGNATURE_LEN], Some("tar")),
            (&tar[..100], None),
            (b"PK\x03\x04", None),
            (b"\x89PNG\r\n\x1A\n", None),
            (b"", None),
        ] {
            assert_eq!(kind(start), expected);
        }
    }
}
