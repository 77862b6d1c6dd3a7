//! Taking the place out of a file, and nothing else.

mod gps;
mod profile;
mod ranges;
mod video;
mod xmp;

use std::{collections::HashSet, ops::Range};

use super::block::Blocks;
use crate::{Format, container::png};

/// The file without the place where it was taken. Its pixels, and all that says something else, stay as they are.
///
/// Blanked in place, so that the file keeps its length: the GPS directory of EXIF, properties of XMP that tell
/// coordinates, and coordinates in videos that phones append to their JPEG files. Text chunks of a PNG in which these
/// are packed up, or that are such a property, are dropped. Looked at are JPEG, PNG, GIF, WebP and TIFF, with all pictures that a file holds. A file without
/// a place comes back byte for byte, and so does one of another format. What makers hide in fields of their own is not
/// found.
///
/// A file that is crafted so that its place lies over its pixels loses those too: check it
/// ([`verify`](crate::verify())) afterwards, not before.
#[must_use]
pub fn scrub_location(mut bytes: Vec<u8>) -> Vec<u8> {
    let Ok(format) = Format::sniff(&bytes) else {
        return bytes;
    };
    let blocks = Blocks::find(&bytes, format);
    let mut changed = Vec::new();
    for packet in blocks.xmp {
        if xmp::blank_pieces(&mut bytes, &packet) {
            changed.extend(packet);
        }
    }
    for block in blocks.exif {
        if gps::blank(&mut bytes[block.clone()]) {
            changed.push(block);
        }
    }
    match format {
        Format::Jpeg => video::blank(&mut bytes),
        Format::Png => {
            fix_checksums(&mut bytes, &changed);
            return profile::without_places(bytes);
        }
        _ => {}
    }
    bytes
}

/// Makes the checksums of chunks right that were changed. All others stay, even if they are wrong.
fn fix_checksums(bytes: &mut [u8], changed: &[Range<usize>]) {
    let ends: HashSet<_> = changed.iter().map(|range| range.end).collect();
    let chunks: Vec<_> = png::chunks(bytes)
        .filter(|chunk| ends.contains(&chunk.data.end))
        .collect();
    for chunk in chunks {
        let checksum = crc32fast::hash(&bytes[chunk.checked()]);
        bytes[chunk.data.end..chunk.whole().end].copy_from_slice(&checksum.to_be_bytes());
    }
}
