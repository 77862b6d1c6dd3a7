//! Where a file keeps its metadata.

use std::ops::Range;

use super::tiff::{Tiff, XMP};
use crate::{
    Format,
    container::{
        gif,
        jpeg::{APP1, Segments},
        png, riff,
    },
};

/// What EXIF begins with in JPEG, and after a mistake that some programs make, in WebP.
const EXIF: &[u8] = b"Exif\0\0";
/// What XMP begins with in JPEG.
const XMP_JPEG: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// What XMP begins with that is too long for a segment.
const XMP_EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Bytes between that and the piece: a checksum in hexadecimal digits, the length of all, the offset of the piece.
const XMP_EXTENSION_HEAD: usize = 40;
/// What XMP begins with in PNG: a keyword, and that it is not compressed.
const XMP_PNG: &[u8] = b"XML:com.adobe.xmp\0\0";

/// The application whose extension of a GIF holds XMP.
const XMP_GIF: &[u8; 11] = b"XMP DataXMP";
/// Bytes that follow XMP in a GIF: a 1, then 255 to 0. The packet lies there as it is, without lengths; whoever takes
/// any of its bytes for one comes to rest at the end of these (XMP specification, part 3, 1.1.2).
const XMP_GIF_TRAILER: usize = 257;

/// Where metadata are that can be changed in place.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// EXIF, as TIFF blocks.
    pub(super) exif: Vec<Range<usize>>,
    /// XMP: the pieces of each packet.
    pub(super) xmp: Vec<Vec<Range<usize>>>,
}

impl Blocks {
    pub(super) fn find(bytes: &[u8], format: Format) -> Self {
        match format {
            Format::Jpeg => Self::in_jpeg(bytes),
            Format::Png => Self::in_png(bytes),
            Format::WebP => Self::in_web_p(bytes),
            Format::Tiff => Self::in_tiff(bytes),
            Format::Gif => Self::in_gif(bytes),
            Format::Bmp => Self::default(),
        }
    }

    fn in_jpeg(bytes: &[u8]) -> Self {
        let mut blocks = Self::default();
        let mut extension = Vec::new();
        for segment in Segments::of(bytes).filter(|segment| segment.marker == APP1) {
            let payload = segment.payload;
            if let Some(exif) = after(bytes, &payload, EXIF) {
                blocks.exif.push(exif);
            } else if let Some(xmp) = after(bytes, &payload, XMP_JPEG) {
                blocks.xmp.push(vec![xmp]);
            } else if let Some(piece) = after(bytes, &payload, XMP_EXTENSION) {
                let start = piece.start + XMP_EXTENSION_HEAD;
                extension.push(start.min(piece.end)..piece.end);
            }
        }
        blocks.xmp.push(extension);
        blocks
    }

    fn in_png(bytes: &[u8]) -> Self {
        let mut blocks = Self::default();
        for chunk in png::chunks(bytes) {
            match &chunk.kind {
                b"eXIf" => blocks.exif.push(chunk.data),
                b"iTXt" => {
                    let xmp = after(bytes, &chunk.data, XMP_PNG);
                    blocks.xmp.extend(xmp.map(|xmp| vec![xmp]));
                }
                _ => {}
            }
        }
        blocks
    }

    fn in_gif(bytes: &[u8]) -> Self {
        let mut blocks = Self::default();
        for extension in gif::extensions(bytes) {
            if extension.application != *XMP_GIF {
                continue;
            }
            let data = extension.data.clone();
            let packet = match data.len().checked_sub(XMP_GIF_TRAILER) {
                Some(length) if bytes[data.clone()].ends_with(&[3, 2, 1, 0]) => {
                    std::iter::once(data.start..data.start + length).collect()
                }
                // Some programs cut it into sub-blocks like anything else.
                _ => extension.pieces(bytes),
            };
            blocks.xmp.push(packet);
        }
        blocks
    }

    fn in_web_p(bytes: &[u8]) -> Self {
        let mut blocks = Self::default();
        for (kind, data) in riff::chunks(bytes) {
            match &kind {
                b"EXIF" => {
                    let exif = after(bytes, &data, EXIF).unwrap_or(data);
                    blocks.exif.push(exif);
                }
                b"XMP " => blocks.xmp.push(vec![data]),
                _ => {}
            }
        }
        blocks
    }

    fn in_tiff(bytes: &[u8]) -> Self {
        let mut blocks = Self::default();
        if let Some(tiff) = Tiff::new(bytes) {
            // Together they are no longer than the file, unless somebody lets them overlap to keep us busy.
            let mut room = bytes.len();
            for directory in tiff.walk().directories {
                let xmp = tiff.entries(directory).filter(|entry| entry.tag == XMP);
                for packet in xmp.filter_map(|entry| tiff.value(entry)) {
                    if packet.len() <= room {
                        room -= packet.len();
                        blocks.xmp.push(vec![packet]);
                    }
                }
            }
        }
        blocks.exif.push(0..bytes.len());
        blocks
    }
}

/// What follows a beginning.
fn after(bytes: &[u8], range: &Range<usize>, beginning: &[u8]) -> Option<Range<usize>> {
    let begins = bytes.get(range.clone())?.starts_with(beginning);
    begins.then(|| range.start + beginning.len()..range.end)
}
