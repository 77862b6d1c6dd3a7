//! What cameras write into their files: an APP1 segment with a TIFF structure (EXIF 2.32, section 4.5).

use crate::File;

/// Tags of EXIF.
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const GPS: u16 = 0x8825;
const GPS_LATITUDE_REF: u16 = 1;
const GPS_LATITUDE: u16 = 2;
const GPS_LONGITUDE_REF: u16 = 3;
const GPS_LONGITUDE: u16 = 4;

/// Types of values.
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

impl File {
    /// The JPEG as a camera would write it that was turned: to be shown upright by the rule of `orientation`, 1 to 8.
    #[must_use]
    pub fn turned(&self, orientation: u16) -> Self {
        let value = u32::from(orientation);
        self.with_exif(&directory(&[(ORIENTATION, SHORT, 1, value)]))
    }

    /// The JPEG as a telephone would write it that knows where it is: Madrid, 40.25° north, 3.5° west.
    #[must_use]
    pub fn geotagged(&self) -> Self {
        // Two entries and the link take 30 bytes after the header; then the directory of the place; then the numbers.
        let (places, numbers) = (8 + 30, 8 + 30 + 54);
        let first = [
            (MODEL, ASCII, 4, u32::from_le_bytes(*b"Cam\0")),
            (GPS, LONG, 1, places),
        ];
        let place = [
            (GPS_LATITUDE_REF, ASCII, 2, u32::from_le_bytes(*b"N\0\0\0")),
            (GPS_LATITUDE, RATIONAL, 3, numbers),
            (GPS_LONGITUDE_REF, ASCII, 2, u32::from_le_bytes(*b"W\0\0\0")),
            (GPS_LONGITUDE, RATIONAL, 3, numbers + 24),
        ];
        let degrees = [40_u32, 1, 15, 1, 0, 1, 3, 1, 30, 1, 0, 1];
        let degrees: Vec<u8> = degrees.iter().flat_map(|part| part.to_le_bytes()).collect();
        self.with_exif(&[directory(&first), directory(&place), degrees].concat())
    }

    /// Puts the segment right after the start of the image.
    fn with_exif(&self, directories: &[u8]) -> Self {
        let header = [b"Exif\0\0", &b"II*\0\x08\0\0\0"[..]].concat();
        let length = u16::try_from(2 + header.len() + directories.len()).expect("one segment");
        let (start, rest) = self.bytes.split_at(2);
        let segment = [
            start,
            b"\xff\xe1",
            &length.to_be_bytes(),
            &header,
            directories,
            rest,
        ];
        Self::new(&self.name, segment.concat())
    }
}

/// An image file directory: its entries (tag, type, count, value or where it lies), and no further one.
fn directory(entries: &[(u16, u16, u32, u32)]) -> Vec<u8> {
    let count = u16::try_from(entries.len()).expect("few entries");
    let entries = entries.iter().flat_map(|(tag, kind, count, value)| {
        let head = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        [head, count.to_le_bytes().into(), value.to_le_bytes().into()].concat()
    });
    count
        .to_le_bytes()
        .into_iter()
        .chain(entries)
        .chain([0; 4])
        .collect()
}
