//! One entry of an archive.

use std::io::{BufReader, Read as _};

use bytes::Bytes;
use pupila_core::is_zip;
use zip::{
    CompressionMethod, ZipReadOptions,
    read::{OwnedZipFileEntry, ZipFileEntry},
};

use super::{archive_file::ArchiveFile, error::EntryError};

/// What other archives than ZIPs begin with: RAR, 7z, gzip, xz, Zstandard and bzip2.
const ARCHIVES: [&[u8]; 6] = [
    b"Rar!",
    b"7z\xBC\xAF\x27\x1C",
    b"\x1F\x8B",
    b"\xFD7zXZ\0",
    b"\x28\xB5\x2F\xFD",
    b"BZh",
];
/// Most bytes of a name or a comment: as long as a path may be on Linux (`PATH_MAX`).
const TEXT: usize = 4096;
/// As many bytes as tell an archive.
const SIGNATURE: u64 = 6;

/// One entry of an archive, which becomes an item.
#[derive(Debug)]
pub(super) struct Entry {
    /// A path, as it may be shown.
    pub(super) name: String,
    packed: Result<Packed, EntryError>,
}

/// An entry that may be unpacked.
#[derive(Debug)]
struct Packed {
    entry: OwnedZipFileEntry,
    /// Bytes that it says to have when unpacked.
    size: u64,
}

impl Entry {
    /// An entry that the archive lists. One of more than `most` bytes, or that cannot be read, is refused unread.
    pub(super) fn new(entry: ZipFileEntry<'_>, name: String, most: u64) -> Self {
        let texts = [entry.name_raw(), entry.comment_raw()];
        if texts.iter().any(|text| text.len() > TEXT) {
            let packed = Err(EntryError::NameTooLong(TEXT));
            return Self { name, packed };
        }
        let packed = match (entry.encrypted(), entry.compression(), entry.size()) {
            (true, ..) => Err(EntryError::Encrypted),
            (_, CompressionMethod::Stored | CompressionMethod::Deflated, size) if size > most => {
                Err(EntryError::TooLarge(most))
            }
            (_, CompressionMethod::Stored | CompressionMethod::Deflated, size) => Ok(Packed {
                entry: entry.into(),
                size,
            }),
            (_, method, _) => Err(EntryError::Method(method.to_string())),
        };
        Self { name, packed }
    }

    /// An entry of which the archive says nothing that can be read.
    pub(super) fn damaged(name: String) -> Self {
        let packed = Err(EntryError::Damaged);
        Self { name, packed }
    }

    /// Refuses it unread.
    pub(super) fn refuse(&mut self, error: EntryError) {
        self.packed = Err(error);
    }

    /// Most bytes that it can have when unpacked; 0 where it is not unpacked.
    pub(super) fn unpacked_size(&self) -> u64 {
        self.packed.as_ref().map_or(0, |packed| packed.size)
    }

    /// Why it is refused without a look at what is packed.
    pub(super) fn refusal(&self) -> Option<&EntryError> {
        self.packed.as_ref().err()
    }

    /// Unpacks it. What it says of its size is held against what comes, byte by byte. Blocks.
    pub(super) fn unpack(&self, archive: ArchiveFile) -> Result<Bytes, EntryError> {
        let packed = self.packed.as_ref().map_err(Clone::clone)?;
        let mut archive = BufReader::new(archive);
        let entry = packed.entry.as_ref();
        let mut file = entry.with_reader(&mut archive, ZipReadOptions::new())?;
        let size = usize::try_from(packed.size).unwrap_or(usize::MAX);
        let mut bytes = Vec::with_capacity(size);
        // The beginning alone tells an archive, which may be a bomb.
        (&mut file).take(SIGNATURE).read_to_end(&mut bytes)?;
        if is_zip(&bytes) || ARCHIVES.iter().any(|start| bytes.starts_with(start)) {
            return Err(EntryError::Nested);
        }
        // One more than there may be: reading it is an error.
        let left = packed.size.saturating_sub(bytes.len() as u64);
        (&mut file)
            .take(left.saturating_add(1))
            .read_to_end(&mut bytes)?;
        match bytes.len() == size {
            true => Ok(bytes.into()),
            false => Err(EntryError::Damaged),
        }
    }
}
