//! The structure inside EXIF: directories of entries (TIFF 6.0; 8-byte offsets as in BigTIFF).

use std::{collections::HashSet, ops::Range};

/// The directory of the camera's own fields.
const EXIF: u16 = 0x8769;
/// The directory that says where.
pub(super) const GPS: u16 = 0x8825;
/// The directory about compatibility.
const INTEROPERABILITY: u16 = 0xA005;
/// Directories of further pictures.
const SUB_DIRECTORIES: u16 = 0x014A;
/// XMP inside TIFF.
pub(super) const XMP: u16 = 0x02BC;
/// A colour profile inside TIFF.
pub(super) const PROFILE: u16 = 0x8773;

/// A text.
const ASCII: u16 = 2;

/// Most entries of all directories together, and pointers in them: a real file has hundreds, and a hostile one could
/// have directories overlap until there are billions.
const MAX_STEPS: usize = 100_000;

/// A block of bytes that begins like a TIFF file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiff<'a> {
    bytes: &'a [u8],
    little_endian: bool,
    big: bool,
}

/// A directory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Directory {
    at: usize,
    count: usize,
    pub(super) role: Role,
}

/// What a directory is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It describes a picture, and leads to the next one.
    Picture,
    /// It is a part of such a description.
    Part,
    /// The part that says where the picture was taken.
    Gps,
}

/// One field of a directory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    at: usize,
    pub(super) tag: u16,
    kind: u16,
    count: usize,
}

/// All directories that can be reached.
pub(super) struct Walk {
    pub(super) directories: Vec<Directory>,
    /// Whether these are all.
    pub(super) is_complete: bool,
}

impl<'a> Tiff<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let (little_endian, big) = match bytes.first_chunk()? {
            [b'I', b'I', 42, 0] => (true, false),
            [b'M', b'M', 0, 42] => (false, false),
            [b'I', b'I', 43, 0] => (true, true),
            [b'M', b'M', 0, 43] => (false, true),
            _ => return None,
        };
        Some(Self {
            bytes,
            little_endian,
            big,
        })
    }

    /// The directories of all pictures, and those within them.
    pub(super) fn walk(&self) -> Walk {
        let mut walk = Walk {
            directories: Vec::new(),
            is_complete: true,
        };
        let first = self.offset(self.offset_size().max(4));
        let mut next: Vec<_> = first.map(|at| (at, Role::Picture)).into_iter().collect();
        let mut seen = HashSet::new();
        let mut steps = 0;
        while let Some((at, role)) = next.pop() {
            let Some(directory) = self.directory(at, role).filter(|_| seen.insert(at)) else {
                continue;
            };
            // Last in, first out: what leads to other pictures waits for what is within this one.
            if role == Role::Picture {
                let following = self.offset(self.table(directory).end);
                next.extend(following.map(|at| (at, role)));
            }
            for entry in self.entries(directory) {
                let known = next.len();
                match entry.tag {
                    EXIF | INTEROPERABILITY | SUB_DIRECTORIES => {
                        next.extend(self.targets(entry).map(|at| (at, Role::Part)));
                    }
                    GPS => next.extend(self.targets(entry).map(|at| (at, Role::Gps))),
                    _ => {}
                }
                steps += 1 + next.len() - known;
                if steps > MAX_STEPS {
                    walk.is_complete = false;
                    return walk;
                }
            }
            // Empty ones cost too.
            steps += 1;
            walk.directories.push(directory);
        }
        walk
    }

    pub(super) fn entries(&self, directory: Directory) -> impl Iterator<Item = Entry> {
        let table = self.table(directory);
        table.step_by(self.entry_size()).filter_map(|at| {
            Some(Entry {
                at,
                tag: self.number(at, 2)? as u16,
                kind: self.number(at + 2, 2)? as u16,
                count: self.number(at + 4, self.offset_size())?,
            })
        })
    }

    /// Where an entry's value is, if it is within the block.
    pub(super) fn value(&self, entry: Entry) -> Option<Range<usize>> {
        let length = entry.count.checked_mul(entry.unit()?)?;
        let inline = entry.at + 4 + self.offset_size();
        let start = match length <= self.offset_size() {
            true => inline,
            false => self.offset(inline)?,
        };
        let end = start.checked_add(length)?;
        (end <= self.bytes.len()).then_some(start..end)
    }

    /// All bytes of a directory: the count, the entries, the offset of the next one.
    pub(super) fn extent(&self, directory: Directory) -> Range<usize> {
        let end = self.table(directory).end + self.offset_size();
        directory.at..end.min(self.bytes.len())
    }

    /// Where the count of a directory's entries is.
    pub(super) fn count(&self, directory: Directory) -> Range<usize> {
        directory.at..directory.at + self.count_size()
    }

    /// A count of a directory's entries, as it is written.
    pub(super) fn written_count(&self, count: usize) -> Vec<u8> {
        let mut bytes = (count as u64).to_le_bytes()[..self.count_size()].to_vec();
        if !self.little_endian {
            bytes.reverse();
        }
        bytes
    }

    /// Where an entry is.
    pub(super) fn span(&self, entry: Entry) -> Range<usize> {
        entry.at..entry.at + self.entry_size()
    }

    fn directory(&self, at: usize, role: Role) -> Option<Directory> {
        let count = self.number(at, self.count_size())?;
        let room = self.bytes.len() - (at + self.count_size());
        let count = count.min(room / self.entry_size());
        Some(Directory { at, count, role })
    }

    fn table(&self, directory: Directory) -> Range<usize> {
        let start = directory.at + self.count_size();
        start..start + directory.count * self.entry_size()
    }

    /// The offsets that an entry holds.
    fn targets(&self, entry: Entry) -> impl Iterator<Item = usize> {
        let unit = entry.unit().unwrap_or(1);
        let value = self.value(entry).unwrap_or_default();
        let most = MAX_STEPS * unit;
        let value = value.start..value.end.min(value.start + most);
        value
            .step_by(unit)
            .filter_map(move |at| self.number(at, unit))
    }

    /// The offset that is written there; none leads to the header.
    fn offset(&self, at: usize) -> Option<usize> {
        self.number(at, self.offset_size()).filter(|to| *to > 0)
    }

    /// A number of up to eight bytes.
    fn number(&self, at: usize, size: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        let value = match self.little_endian {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        };
        usize::try_from(value).ok()
    }

    fn count_size(&self) -> usize {
        if self.big { 8 } else { 2 }
    }

    fn offset_size(&self) -> usize {
        if self.big { 8 } else { 4 }
    }

    fn entry_size(&self) -> usize {
        if self.big { 20 } else { 12 }
    }
}

impl Entry {
    /// How long it is if it is a text, in bytes.
    pub(super) fn text_length(&self) -> Option<usize> {
        (self.kind == ASCII).then_some(self.count)
    }

    /// Bytes of one of its values.
    fn unit(&self) -> Option<usize> {
        Some(match self.kind {
            1 | ASCII | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => return None,
        })
    }
}
