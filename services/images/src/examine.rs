//! What is done with an uploaded file before it is stored: CPU work, for the pool.

use bytes::Bytes;
use pupila_core::Digest;
use pupila_imaging::{Exif, ImageError, Limits, probe, scrub_location, verify};

use crate::image::{File, Location, PublicCopy};

/// A file that may be stored.
#[derive(Debug)]
pub(crate) struct Examined {
    pub(crate) file: File,
    /// As they are stored.
    pub(crate) bytes: Bytes,
    /// The digest of the bytes as they were sent.
    pub(crate) sent: Digest,
}

/// Takes the place out of the file unless it is to be kept, proves that all of the picture can be decoded, and reads
/// what the camera says.
pub(crate) fn examine(
    sent: Vec<u8>,
    keep_location: bool,
    limits: &Limits,
) -> Result<Examined, ImageError> {
    // From the header, so that what is no image costs nothing more.
    probe(&sent, limits)?;
    let exif = Exif::read(&sent);
    let digest = Digest::of(&sent);
    let (bytes, public) = if keep_location {
        let copy = scrub_location(sent.clone());
        let differs = copy != sent;
        let public = differs.then(|| PublicCopy {
            sha256: Digest::of(&copy),
            size: copy.len() as u64,
        });
        (sent, public)
    } else {
        (scrub_location(sent), None)
    };
    // What is stored, not what was sent: a file may be crafted so that the place lies over its pixels.
    let found = verify(&bytes, limits)?;
    let location = exif.location.filter(|_| keep_location);
    let file = File {
        sha256: Digest::of(&bytes),
        size: bytes.len() as u64,
        public,
        format: found.format,
        width: found.width,
        height: found.height,
        transparent: found.transparent,
        taken_at: exif
            .taken_at
            .map(|time| time.to_string())
            .unwrap_or_default(),
        camera: exif
            .camera
            .map(|camera| camera.to_string())
            .unwrap_or_default(),
        location: location.map(|place| Location {
            latitude: place.latitude,
            longitude: place.longitude,
        }),
    };
    Ok(Examined {
        file,
        bytes: bytes.into(),
        sent: digest,
    })
}
