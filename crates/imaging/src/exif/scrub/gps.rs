//! The GPS directory of EXIF.

use std::iter;

use super::ranges;
use crate::exif::tiff::{Directory, GPS, Role, Tiff};

/// Overwrites what it says with zeroes and takes out the entry that leads to it. Says whether there was any.
pub(super) fn blank(block: &mut [u8]) -> bool {
    let Some(tiff) = Tiff::new(block) else {
        return false;
    };
    let directories = tiff.walk().directories;
    let (places, others): (Vec<_>, Vec<_>) = directories
        .into_iter()
        .partition(|directory| directory.role == Role::Gps);
    let rewritten: Vec<_> = others
        .iter()
        .filter_map(|directory| without_place(&tiff, block, *directory))
        .collect();
    let told = places.iter().flat_map(|place| {
        let values = tiff
            .entries(*place)
            .filter_map(|entry| tiff.value(entry))
            .collect::<Vec<_>>();
        values.into_iter().chain([tiff.extent(*place)])
    });
    // Where a hostile file lets a place overlap with what is not one, the latter is kept.
    let kept = others.iter().map(|other| tiff.extent(*other));
    let zeroed = ranges::difference(told, kept.chain(iter::once(0..HEADER)));

    for range in &zeroed {
        block[range.clone()].fill(0);
    }
    for (at, bytes) in &rewritten {
        block[*at..*at + bytes.len()].copy_from_slice(bytes);
    }
    !(zeroed.is_empty() && rewritten.is_empty())
}

/// The byte order, the version, the offset of the first directory.
const HEADER: usize = 8;

/// The bytes of a directory without the entries that lead to a place: what follows moves up. `None` if it has none.
fn without_place(tiff: &Tiff<'_>, block: &[u8], directory: Directory) -> Option<(usize, Vec<u8>)> {
    let extent = tiff.extent(directory);
    let (places, others): (Vec<_>, Vec<_>) =
        tiff.entries(directory).partition(|entry| entry.tag == GPS);
    let end = tiff.span(*places.first()?).len() * (places.len() + others.len());
    let table = tiff.count(directory).end;
    let mut bytes = tiff.written_count(others.len());
    for entry in others {
        bytes.extend_from_slice(&block[tiff.span(entry)]);
    }
    bytes.extend_from_slice(&block[table + end..extent.end]);
    bytes.resize(extent.len(), 0);
    Some((extent.start, bytes))
}
