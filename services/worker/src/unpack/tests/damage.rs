//! Headers that somebody damaged.

use std::{fs::File, io::Write as _, sync::Arc};

use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    MOST, numbered,
    zip::{Packed, zip},
};
use crate::unpack::{
    archive_file::ArchiveFile,
    catalogue::{Bounds, Catalogue},
    entry::Entry,
};

/// Extra fields that readers look into: ZIP64, NTFS, times, Unicode comment and path, AES, alignments (APPNOTE 4.5 and 4.6).
const KNOWN: [u16; 8] = [
    0x0001, 0x000a, 0x5455, 0x6375, 0x7075, 0x9901, 0xa11e, 0xd935,
];

fn on_disk(bytes: &[u8]) -> ArchiveFile {
    let mut file: File = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("room on the disk");
    ArchiveFile::new(file, bytes.len() as u64)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..40)
}

/// Fields that are as long as they say, or not.
fn extra() -> impl Strategy<Value = Vec<u8>> {
    let field = (select(&KNOWN[..]), any::<u8>(), any::<bool>(), bytes());
    let field = field.prop_map(|(id, length, honest, value)| {
        let length = match honest {
            true => value.len() as u16,
            false => length.into(),
        };
        [&id.to_le_bytes()[..], &length.to_le_bytes(), &value].concat()
    });
    prop_oneof![bytes(), vec(field, 1..4).prop_map(|fields| fields.concat())]
}

fn unpacked(entry: &Arc<Entry>, archive: &ArchiveFile) -> Vec<u8> {
    let bytes = entry.unpack(archive.clone());
    bytes.expect("it is whole").to_vec()
}

proptest! {
    #[test]
    fn what_is_wrong_with_one_entry_costs_no_other(extra in extra(), comment in bytes(), is_long in any::<bool>()) {
        let mut entries = numbered(3);
        entries[1] = Packed { extra, comment, ..entries[1].clone() };
        if is_long {
            // As one says whose size is in an extra field (APPNOTE 4.5.3).
            entries[1].size = u32::MAX;
        }
        let archive = on_disk(&zip(&entries));
        let bounds = Bounds::new(MOST);
        let catalogue = Catalogue::read(archive.clone(), 3, &bounds).expect("a list");
        let entries: Vec<_> = catalogue.from(0).map(|(_, entry)| entry).collect();
        prop_assert_eq!(entries.len(), 3);
        for number in [0, 2] {
            prop_assert_eq!(&entries[number].name, &format!("{number}.png"));
            prop_assert_eq!(unpacked(&entries[number], &archive), vec![number as u8; 500]);
        }
    }
}
