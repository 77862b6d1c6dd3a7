//! A ZIP on this machine's disk.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::FileExt as _,
    sync::Arc,
};

/// A ZIP on this machine's disk. Each clone reads from a place of its own. The file has no name: it goes with the last
/// clone, or with the process.
#[derive(Debug, Clone)]
pub(super) struct ArchiveFile {
    file: Arc<File>,
    size: u64,
    place: u64,
}

impl ArchiveFile {
    /// The first `size` bytes of the file.
    pub(super) fn new(file: File, size: u64) -> Self {
        Self {
            file: Arc::new(file),
            size,
            place: 0,
        }
    }

    /// Its bytes.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }
}

impl Read for ArchiveFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.place);
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.file.read_at(&mut buffer[..most], self.place)?;
        self.place += read as u64;
        Ok(read)
    }
}

impl Seek for ArchiveFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.place.checked_add_signed(offset),
        };
        self.place = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}
