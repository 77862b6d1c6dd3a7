//! Which bytes of an archive are whose.

use std::{collections::BTreeSet, ops::Range};

use zip::read::ZipFileEntry;

/// Bytes of an entry's header before its name, and so the least that it takes beside what is packed.
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.7
const HEADER: u64 = 30;

/// The bytes that are an entry's own.
#[derive(Debug)]
pub(super) struct Place {
    bytes: Range<u64>,
    /// The number of the item that it becomes, if it does.
    item: Option<usize>,
}

/// The bytes that are an entry's own, or the most of them: how long its header is shows when it is read.
pub(super) fn bytes(entry: &ZipFileEntry<'_>) -> Range<u64> {
    let start = entry.header_start();
    let length = entry.compressed_size().saturating_add(HEADER);
    start..start.saturating_add(length)
}

impl Place {
    pub(super) const fn new(bytes: Range<u64>, item: Option<usize>) -> Self {
        Self { bytes, item }
    }
}

/// The items any byte of which is another entry's too. A bomb of 10 MB that unpacks to 281 TB is made of one kernel that every
/// entry refers to: <https://www.bamsoftware.com/hacks/zipbomb/>
pub(super) fn sharing(mut places: Vec<Place>) -> BTreeSet<usize> {
    places.sort_unstable_by_key(|place| place.bytes.start);
    let mut sharing = BTreeSet::new();
    // Of those before, the one that reaches farthest: who lies over any of them lies over this one.
    let mut farthest: Option<&Place> = None;
    for place in &places {
        if let Some(before) = farthest
            && before.bytes.end > place.bytes.start
        {
            sharing.extend(before.item);
            sharing.extend(place.item);
        }
        if farthest.is_none_or(|before| before.bytes.end < place.bytes.end) {
            farthest = Some(place);
        }
    }
    sharing
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn who_shares_a_byte_with_anybody_is_found(
            lengths in vec((0_u64..60, 1_u64..12, any::<bool>()), 0..12),
        ) {
            let spans: Vec<_> = lengths.iter().map(|(start, length, _)| *start..start + length).collect();
            let items: Vec<_> = (0..).zip(&lengths).map(|(n, (.., is_item))| is_item.then_some(n)).collect();
            let meets = |n: &usize| {
                let others = spans.iter().enumerate().filter(|(other, _)| other != n);
                others.clone().any(|(_, other)| other.start < spans[*n].end && spans[*n].start < other.end)
            };
            let expected: BTreeSet<_> = items.iter().copied().flatten().filter(meets).collect();
            let places = spans.iter().cloned().zip(items);
            let places = places.map(|(bytes, item)| Place::new(bytes, item)).collect();
            prop_assert_eq!(sharing(places), expected);
        }
    }
}
