//! What an archive lists.

use std::{ops::Range, sync::Arc};

use zip::read::ZipFileEntry;

use super::{
    archive_file::ArchiveFile,
    central_directory::{CentralDirectory, Listed},
    entry::Entry,
    error::ArchiveError,
    names,
};

/// Most entries of any kind, for each that may become an item: folders, and what a Mac adds to every file.
const LISTED_PER_ENTRY: usize = 4;
/// Most bytes of the list: what is in memory while an archive is unpacked.
const LIST_BYTES: u64 = 16 << 20;
/// Most bytes of all entries, unpacked.
const TOTAL_BYTES: u64 = 2 << 30;
/// Bytes of an entry's header before its name, and so the least that it takes beside what is packed.
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.7
const HEADER: u64 = 30;

/// How much of any archive may be unpacked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Most bytes of the list of entries.
    pub(super) list_bytes: u64,
    /// Most bytes of an entry.
    pub(super) entry_bytes: u64,
    /// Most bytes of all entries.
    pub(super) total_bytes: u64,
}

impl Bounds {
    /// Those of archives of images with at most `entry_bytes` each.
    pub(super) fn new(entry_bytes: u64) -> Self {
        Self {
            list_bytes: LIST_BYTES,
            entry_bytes,
            total_bytes: TOTAL_BYTES,
        }
    }
}

/// The entries of an archive that become items, in the order in which it lists them: every attempt finds the same.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// What the entries are read from.
    pub(super) archive: ArchiveFile,
    entries: Vec<Arc<Entry>>,
}

impl Catalogue {
    /// Reads what the archive lists, and nothing of what is packed. At most `most` entries may become items. Blocks.
    pub(super) fn read(
        archive: ArchiveFile,
        most: usize,
        bounds: &Bounds,
    ) -> Result<Self, ArchiveError> {
        let mut list = CentralDirectory::find(archive.clone())?;
        if list.left() > most.saturating_mul(LISTED_PER_ENTRY) {
            return Err(ArchiveError::TooManyEntries(most));
        }
        let (mut entries, mut places, mut total) = (Vec::new(), Vec::new(), 0_u64);
        while let Some(Listed { path, entry }) = list.next()? {
            if list.bytes_read() > bounds.list_bytes {
                return Err(ArchiveError::ListTooLong(bounds.list_bytes));
            }
            // One that is not there lies over no other.
            let entry = entry.filter(|entry| place(entry).end <= archive.size());
            places.extend(entry.as_ref().map(place));
            let name = names::clean(&path);
            if is_no_file(&path, entry.as_ref()) || names::is_junk(&name) {
                continue;
            }
            if entries.len() == most {
                return Err(ArchiveError::TooManyEntries(most));
            }
            let entry = match entry {
                Some(entry) => Entry::new(entry, name, bounds.entry_bytes),
                None => Entry::damaged(name),
            };
            // No more comes out of an entry than it says: whatever follows is an error.
            total = total.saturating_add(entry.unpacked_size());
            entries.push(Arc::new(entry));
        }
        if overlap(places) {
            return Err(ArchiveError::Overlapping);
        }
        if total > bounds.total_bytes {
            return Err(ArchiveError::TooLarge(bounds.total_bytes));
        }
        if entries.is_empty() {
            return Err(ArchiveError::Empty);
        }
        Ok(Self { archive, entries })
    }

    /// How many items there will be.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// The entries with their positions, from that one on.
    pub(super) fn from(&self, first: u32) -> impl Iterator<Item = (u32, Arc<Entry>)> {
        let entries = (0..).zip(self.entries.iter().cloned());
        entries.skip_while(move |(position, _)| *position < first)
    }
}

/// Whether it is a folder or a link. Of one that cannot be read the path alone tells.
fn is_no_file(path: &str, entry: Option<&ZipFileEntry<'_>>) -> bool {
    match entry {
        Some(entry) => entry.is_dir() || entry.is_symlink(),
        None => path.ends_with(['/', '\\']),
    }
}

/// The bytes that are an entry's own, or the most of them: how long its header is shows when it is read.
fn place(entry: &ZipFileEntry<'_>) -> Range<u64> {
    let start = entry.header_start();
    let length = entry.compressed_size().saturating_add(HEADER);
    start..start.saturating_add(length)
}

/// Whether any byte is in two of the places. A bomb of 10 MB that unpacks to 281 TB is made of one kernel that every
/// entry refers to: <https://www.bamsoftware.com/hacks/zipbomb/>
fn overlap(mut places: Vec<Range<u64>>) -> bool {
    places.sort_unstable_by_key(|place| place.start);
    places.windows(2).any(|pair| pair[0].end > pair[1].start)
}
