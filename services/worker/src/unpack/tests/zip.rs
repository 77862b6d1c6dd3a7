//! ZIPs made by hand, so that each of their numbers can lie.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};

/// Packed as they are.
const STORED: u16 = 0;
/// Packed by DEFLATE.
const DEFLATED: u16 = 8;
/// Made on Unix, by version 2.0 of the format.
const MADE_BY: u16 = 3 << 8 | 20;

/// An entry as its headers tell it.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    pub(super) name: Vec<u8>,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) crc: u32,
    /// Bytes when unpacked.
    pub(super) size: u32,
    pub(super) packed: Vec<u8>,
    /// The mode of a file on Unix.
    pub(super) mode: u32,
    /// Where the central directory says that it begins, unless it is the truth.
    pub(super) place: Option<u32>,
    /// Extra fields in the central directory.
    pub(super) extra: Vec<u8>,
    /// A comment in the central directory.
    pub(super) comment: Vec<u8>,
}

impl Packed {
    pub(super) fn stored(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self {
            name: name.as_ref().to_vec(),
            method: STORED,
            flags: 0,
            crc: crc32fast::hash(bytes),
            size: u32::try_from(bytes.len()).expect("short"),
            packed: bytes.to_vec(),
            mode: 0o100_644,
            place: None,
            extra: Vec::new(),
            comment: Vec::new(),
        }
    }

    pub(super) fn deflated(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes.as_ref()).expect("in memory");
        Self {
            method: DEFLATED,
            packed: encoder.finish().expect("in memory"),
            ..Self::stored(name, bytes)
        }
    }

    /// What both of its headers tell, with so many bytes of extra fields.
    fn facts(&self, extra: usize) -> Vec<u8> {
        let mut facts = Vec::new();
        facts.extend(20_u16.to_le_bytes());
        facts.extend(self.flags.to_le_bytes());
        facts.extend(self.method.to_le_bytes());
        // The first of January 1980, at midnight.
        facts.extend([0, 0, 0x21, 0]);
        facts.extend(self.crc.to_le_bytes());
        facts.extend((self.packed.len() as u32).to_le_bytes());
        facts.extend(self.size.to_le_bytes());
        facts.extend((self.name.len() as u16).to_le_bytes());
        facts.extend((extra as u16).to_le_bytes());
        facts
    }
}

/// An archive of these entries.
pub(super) fn zip(entries: &[Packed]) -> Vec<u8> {
    zip_of(entries, entries.len())
}

/// An archive of these entries that says to have so many.
pub(super) fn zip_of(entries: &[Packed], count: usize) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let place = entry.place.unwrap_or(bytes.len() as u32);
        directory.extend(b"PK\x01\x02");
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(entry.facts(entry.extra.len()));
        directory.extend((entry.comment.len() as u16).to_le_bytes());
        // The first disk, no internal attributes.
        directory.extend([0; 4]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(place.to_le_bytes());
        directory.extend([&*entry.name, &entry.extra, &entry.comment].concat());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(entry.facts(0));
        bytes.extend(&entry.name);
        bytes.extend(&entry.packed);
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((count as u16).to_le_bytes().repeat(2));
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}
