//! Files to upload: X-rays, and what people and attackers send instead.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file with the name that it is sent under.
#[derive(Debug, Clone)]
pub struct File {
    /// The name.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file of that name.
    #[must_use]
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.into(),
        }
    }

    /// A file from the disk.
    ///
    /// # Panics
    /// It cannot be read.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::new(
            &path.file_name().unwrap_or_default().to_string_lossy(),
            bytes,
        )
    }

    /// The chest X-ray of a healthy child, a JPEG.
    #[must_use]
    pub fn x_ray() -> Self {
        Self::sample("IM-0027-0001.jpeg")
    }

    /// The chest X-ray of a child with pneumonia, a JPEG.
    #[must_use]
    pub fn x_ray_of_pneumonia() -> Self {
        Self::sample("person113_bacteria_540.jpeg")
    }

    /// One of the samples that come with the model.
    #[must_use]
    pub fn sample(name: &str) -> Self {
        Self::read(&Self::samples().join(name))
    }

    /// Where the model's samples lie, with `expected.json`.
    #[must_use]
    pub fn samples() -> PathBuf {
        repository().join("models/pneumonia/samples")
    }

    /// All of PngSuite. The names of the broken ones begin with `x`.
    ///
    /// # Panics
    /// The folder is not there.
    #[must_use]
    pub fn png_suite() -> Vec<Self> {
        let folder = repository().join("tests/data/pngsuite/png");
        let entries = fs::read_dir(folder).expect("PngSuite");
        entries
            .map(|entry| Self::read(&entry.expect("an entry").path()))
            .collect()
    }

    /// One of many PNGs that show the same and differ in their bytes: each carries its number as a comment.
    #[must_use]
    pub fn numbered(number: usize) -> Self {
        let file = Self::sample("grey-8-bit.png");
        // The last chunk, IEND, has 12 bytes.
        let (picture, end) = file.bytes.split_at(file.bytes.len() - 12);
        let chunk = format!("tEXtComment\0number {number}");
        let length = u32::try_from(chunk.len() - 4).unwrap_or_default();
        let crc = crc32(chunk.as_bytes()).to_be_bytes();
        let bytes = [picture, &length.to_be_bytes(), chunk.as_bytes(), &crc, end].concat();
        Self::new(&format!("{number}.png"), bytes)
    }

    /// A JPEG that ends in the middle.
    #[must_use]
    pub fn truncated_jpeg() -> Self {
        let mut file = Self::x_ray();
        file.bytes.truncate(file.bytes.len() / 2);
        Self {
            name: "truncated.jpeg".to_owned(),
            ..file
        }
    }

    /// A PNG whose pixels are damaged.
    #[must_use]
    pub fn corrupt_png() -> Self {
        let mut file = Self::sample("grey-8-bit.png");
        let middle = file.bytes.len() / 2;
        file.bytes[middle..middle + 64].fill(0xAA);
        Self {
            name: "corrupt.png".to_owned(),
            ..file
        }
    }

    /// The head of a HEIC picture, as telephones make them: a format that is not read here.
    #[must_use]
    pub fn heic() -> Self {
        Self::new(
            "photo.heic",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0".repeat(8),
        )
    }

    /// A PNG of 69 bytes that declares ten gigapixels.
    #[must_use]
    pub fn png_bomb() -> Self {
        // Width and height, 8 bits, grey; then the chunk's CRC (PNG specification, 11.2.1).
        let side = 100_000_u32.to_be_bytes();
        let header = [b"IHDR", &side[..], &side, &[8, 0, 0, 0, 0]].concat();
        let data = *b"IDAT\x78\x9c\x63\x00\x00\x00\x01\x00\x01";
        let chunks = [&header[..], &data, b"IEND"].map(|chunk| {
            let length = u32::try_from(chunk.len() - 4).unwrap_or_default();
            [&length.to_be_bytes(), chunk, &crc32(chunk).to_be_bytes()].concat()
        });
        Self::new(
            "bomb.png",
            [b"\x89PNG\r\n\x1a\n", &chunks.concat()[..]].concat(),
        )
    }
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The CRC of PNG's chunks (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))
        })
    });
    !crc
}
