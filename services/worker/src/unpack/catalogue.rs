//! What an archive lists.

use std::sync::Arc;

use zip::read::ZipFileEntry;

use super::{
    archive_file::ArchiveFile,
    central_directory::{CentralDirectory, Listed},
    entry::Entry,
    error::{ArchiveError, EntryError},
    names,
    places::{self, Place},
};

/// Most entries of any kind, for each that may become an item: folders, and what a Mac adds to every file.
const LISTED_PER_ENTRY: usize = 4;
/// Most bytes of the list: what is in memory while an archive is unpacked.
const LIST_BYTES: u64 = 16 << 20;
/// Most bytes of all entries, unpacked.
const TOTAL_BYTES: u64 = 2 << 30;

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
        let (mut entries, mut places) = (Vec::new(), Vec::new());
        while let Some(Listed { path, entry }) = list.next()? {
            if list.bytes_read() > bounds.list_bytes {
                return Err(ArchiveError::ListTooLong(bounds.list_bytes));
            }
            // One that is not there lies over no other.
            let entry = entry.filter(|entry| places::bytes(entry).end <= archive.size());
            let name = names::clean(&path);
            let is_item = !is_no_file(&path, entry.as_ref()) && !names::is_junk(&name);
            let item = is_item.then_some(entries.len());
            let bytes = entry.as_ref().map(places::bytes);
            places.extend(bytes.map(|bytes| Place::new(bytes, item)));
            if !is_item {
                continue;
            }
            if entries.len() == most {
                return Err(ArchiveError::TooManyEntries(most));
            }
            entries.push(match entry {
                Some(entry) => Entry::new(entry, name, bounds.entry_bytes),
                None => Entry::damaged(name),
            });
        }
        if entries.is_empty() {
            return Err(ArchiveError::Empty);
        }
        let sharing = places::sharing(places);
        if sharing.len() == entries.len() {
            return Err(ArchiveError::Overlapping);
        }
        // None of them is unpacked: nobody knows whose the bytes are.
        for item in sharing {
            entries[item].refuse(EntryError::Overlapping);
        }
        // No more comes out of an entry than it says: whatever follows is an error.
        let sizes = entries.iter().map(Entry::unpacked_size);
        if sizes.fold(0, u64::saturating_add) > bounds.total_bytes {
            return Err(ArchiveError::TooLarge(bounds.total_bytes));
        }
        Ok(Self {
            archive,
            entries: entries.into_iter().map(Arc::new).collect(),
        })
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
