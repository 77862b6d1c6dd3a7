//! Image formats, told by content: names and media types lie.

use std::fmt;

use crate::ImageError;

/// A format that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG, baseline and progressive.
    Jpeg,
    /// GIF; the first frame.
    Gif,
    /// WebP, lossy and lossless; the first frame.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// TIFF; the first page.
    Tiff,
}

impl Format {
    /// Every format that is read here.
    pub const ALL: [Self; 6] = [
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::WebP,
        Self::Bmp,
        Self::Tiff,
    ];

    /// Its short name in lower case, such as "jpeg".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
        }
    }

    /// The format that `bytes` begin like.
    ///
    /// # Errors
    /// [`ImageError::Empty`], [`ImageError::UnsupportedFormat`] or [`ImageError::NotAnImage`].
    pub fn sniff(bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.is_empty() {
            return Err(ImageError::Empty);
        }
        if let Some(format) = Self::supported(bytes) {
            return Ok(format);
        }
        Err(match unsupported(bytes) {
            Some(name) => ImageError::UnsupportedFormat { name },
            None => ImageError::NotAnImage,
        })
    }

    /// All formats for people: "PNG, JPEG, GIF, WebP, BMP or TIFF".
    pub(crate) fn list() -> String {
        let names = Self::ALL.map(|format| format.to_string());
        let (last, others) = names.split_last().unwrap_or((&names[0], &[]));
        format!("{} or {last}", others.join(", "))
    }

    fn supported(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Self::WebP,
            [b'B', b'M', ..] => Self::Bmp,
            // 42 is TIFF, 43 is BigTIFF.
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Self::Tiff,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebP => f.write_str("WebP"),
            other => f.write_str(&other.name().to_ascii_uppercase()),
        }
    }
}

/// The name of an image format that is known by sight only.
fn unsupported(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => iso_media(brand.first_chunk()?)?,
        [b'8', b'B', b'P', b'S', ..] => "PSD",
        [0, 0, 1 | 2, 0, ..] => "ICO",
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => "JPEG XL",
        [0, 0, 0, 12, b'j', b'P', ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => "JPEG 2000",
        [b'P', b'1'..=b'7', b' ' | b'\n' | b'\r' | b'\t', ..] => "PNM",
        [b'q', b'o', b'i', b'f', ..] => "QOI",
        [0x76, 0x2F, 0x31, 0x01, ..] => "OpenEXR",
        [b'#', b'?', b'R', b'A', b'D', ..] => "Radiance HDR",
        [b'D', b'D', b'S', b' ', ..] => "DDS",
        [b'%', b'P', b'D', b'F', b'-', ..] => "PDF",
        _ if bytes.get(128..132) == Some(b"DICM") => "DICOM",
        _ if is_svg(bytes) => "SVG",
        _ => return None,
    })
}

/// Stills in an ISO base media file, told by its major brand (ISO 14496-12, 23008-12).
fn iso_media(brand: &[u8; 4]) -> Option<&'static str> {
    match brand {
        b"avif" | b"avis" => Some("AVIF"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
            Some("HEIC")
        }
        _ => None,
    }
}

/// Whether an `<svg` tag opens within the first kilobyte of a text.
fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    head.trim_ascii_start().starts_with(b"<") && head.windows(4).any(|window| window == b"<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_are_not_read_are_called_by_their_names() {
        let cases: [(&[u8], &str); 8] = [
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
            (b"8BPS\0\x01", "PSD"),
            (b"<?xml version=\"1.0\"?>\n<svg/>", "SVG"),
            (b"%PDF-1.7", "PDF"),
            (b"P6 1 1 255 ", "PNM"),
            (b"\0\0\x01\0\x01\0", "ICO"),
            (&[[0; 128].as_slice(), b"DICM"].concat(), "DICOM"),
        ];
        for (bytes, name) in cases {
            let error = Format::sniff(bytes);
            assert_eq!(error, Err(ImageError::UnsupportedFormat { name }));
        }
    }

    #[test]
    fn what_is_not_an_image_is_told_what_is() {
        for bytes in [
            b"hello".as_slice(),
            b"\0",
            b"<html></html>",
            b"\0\0\0\x18ftypmp42",
        ] {
            assert_eq!(Format::sniff(bytes), Err(ImageError::NotAnImage));
        }
        assert_eq!(
            ImageError::NotAnImage.to_string(),
            "this is not an image; send PNG, JPEG, GIF, WebP, BMP or TIFF"
        );
    }
}
