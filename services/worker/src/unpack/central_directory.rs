//! The list of an archive, header by header: one that cannot be read costs its own entry and no other.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::{
    read::{Config, ZipFileEntry},
    result::ZipError,
    unstable::{format::blocks::ZipCentralEntryBlock, read::ZipIterable},
};

use super::{archive_file::ArchiveFile, error::ArchiveError};

/// Bytes of an entry's header in the list, before its name.
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.12
const HEADER: u64 = 46;

/// What an archive lists, from its first header to its last.
pub(super) struct CentralDirectory {
    headers: ZipIterable<View>,
    /// Where the first header is.
    start: u64,
    /// Where the next one is.
    next: u64,
    /// Headers that were not read yet.
    left: usize,
}

/// An entry as the list tells it.
pub(super) struct Listed {
    /// Its path, as it was written.
    pub(super) path: String,
    /// `None` where more of its header cannot be read.
    pub(super) entry: Option<ZipFileEntry<'static>>,
}

impl CentralDirectory {
    /// Finds the list.
    ///
    /// # Errors
    /// There is none, or the disk failed.
    pub(super) fn find(archive: ArchiveFile) -> Result<Self, ArchiveError> {
        let mut headers = ZipIterable::try_new(View::new(archive), Config::default())?;
        let left = headers.len();
        let start = headers.files()?.reader_mut().stream_position();
        let start = start.map_err(ZipError::from)?;
        Ok(Self {
            headers,
            start,
            next: start,
            left,
        })
    }

    /// How many entries it says to have that were not read yet.
    pub(super) const fn left(&self) -> usize {
        self.left
    }

    /// Bytes of it that were read.
    pub(super) const fn bytes_read(&self) -> u64 {
        self.next - self.start
    }

    /// Reads the next header.
    ///
    /// # Errors
    /// There is no header where it should be, so that nobody knows where those after it are; or the disk failed.
    pub(super) fn next(&mut self) -> Result<Option<Listed>, ArchiveError> {
        if self.left == 0 {
            return Ok(None);
        }
        let headers = self.headers.files()?;
        let view = headers.reader_mut();
        view.turn(self.start, self.next)?;
        // What is of a fixed length tells where the next header is, whatever the rest of this one is like.
        let header = ZipCentralEntryBlock::parse(view)?;
        let mut path = vec![0; header.file_name_length.into()];
        view.read_exact(&mut path).map_err(ZipError::from)?;
        let parts = [
            header.file_name_length,
            header.extra_field_length,
            header.file_comment_length,
        ];
        self.next += HEADER + parts.map(u64::from).iter().sum::<u64>();
        self.left -= 1;
        let entry = match headers.next().transpose().map_err(ArchiveError::from) {
            Ok(entry) => entry,
            Err(error @ ArchiveError::Disk(_)) => return Err(error),
            Err(_) => None,
        };
        let told = entry.as_ref().and_then(|entry| entry.name().ok());
        let path = match told {
            Some(told) => told.into_owned(),
            None => String::from_utf8_lossy(&path).into_owned(),
        };
        Ok(Some(Listed { path, entry }))
    }
}

/// The archive, in which the list seems to begin at whichever of its headers is wanted: `zip` reads lists from their
/// beginning only, and not beyond a header that it does not understand.
struct View {
    archive: BufReader<ArchiveFile>,
    /// Where the list begins, and where it seems to; `None` for where it does.
    turned: Option<(u64, u64)>,
}

impl View {
    fn new(archive: ArchiveFile) -> Self {
        Self {
            archive: BufReader::new(archive),
            turned: None,
        }
    }

    /// Lets the list that begins at `start` begin at `header`, and goes there.
    fn turn(&mut self, start: u64, header: u64) -> Result<(), ZipError> {
        self.turned = Some((start, header));
        self.seek(SeekFrom::Start(start))?;
        Ok(())
    }
}

impl Read for View {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.archive.read(buffer)
    }
}

impl Seek for View {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match (to, self.turned) {
            (SeekFrom::Start(place), Some((start, header))) if place == start => {
                self.archive.seek(SeekFrom::Start(header))?;
                Ok(place)
            }
            (to, _) => self.archive.seek(to),
        }
    }
}
