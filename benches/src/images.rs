//! The X-rays that are analysed.

use std::{fs, path::Path, sync::Arc};

use bytes::Bytes;

use crate::Failure;

/// An encoded image.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// Its file's name.
    pub(crate) name: String,
    /// The file.
    pub(crate) bytes: Bytes,
}

/// The JPEG files of a folder, by name.
///
/// # Errors
/// A folder that cannot be read or holds none.
pub(crate) fn load(folder: &Path) -> Result<Arc<[Image]>, Failure> {
    let fail = |error| format!("{}: {error}", folder.display());
    let mut images = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".jpeg") || name.ends_with(".jpg") {
            images.push(Image {
                name: name.into_owned(),
                bytes: fs::read(&path).map_err(fail)?.into(),
            });
        }
    }
    if images.is_empty() {
        return Err(format!("{}: there is no JPEG file in it", folder.display()).into());
    }
    images.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(images.into())
}
