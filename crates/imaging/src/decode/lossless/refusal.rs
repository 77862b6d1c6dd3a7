//! What the decoders complain of, in words for whoever sent the file.

use std::{error::Error, io::ErrorKind};

use crate::{Format, ImageError};

/// How the `png` crate begins to speak of a chunk.
const CHUNK: &str = "ChunkType { type: ";

pub(super) fn refusal(format: Format, error: &image::ImageError) -> ImageError {
    match error {
        image::ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::truncated(format)
        }
        image::ImageError::Limits(_) => ImageError::too_dear(format),
        error => {
            // The innermost cause says it best: the outer ones add "Format error decoding Png: ".
            let mut cause: &dyn Error = error;
            while let Some(inner) = cause.source() {
                cause = inner;
            }
            ImageError::unreadable(format, &in_words(&cause.to_string()))
        }
    }
}

fn in_words(cause: &str) -> String {
    if cause.starts_with("CRC error") {
        return "a checksum does not match its data".to_owned();
    }
    if cause.starts_with("Unexpected End of File") {
        return ImageError::TRUNCATED.to_owned();
    }
    // A chunk by its name, without its flags.
    let Some((before, chunk)) = cause.split_once(CHUNK) else {
        return cause.to_owned();
    };
    let (fields, after) = chunk.split_once(" }").unwrap_or((chunk, ""));
    let name = fields.split(',').next().unwrap_or_default();
    format!("{before}{name}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_called_by_their_names() {
        let cause = "Unrecognized critical chunk: ChunkType { type: IXAT, critical: true, safecopy: false }";
        assert_eq!(in_words(cause), "Unrecognized critical chunk: IXAT");
    }
}
