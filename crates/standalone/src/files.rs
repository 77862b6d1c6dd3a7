//! Files that the command line names.

use std::path::Path;

use pupila_runtime::process::StartError;

/// The size of a file in bytes. Looked at before it is opened: opening a pipe waits for somebody to write into it.
///
/// # Errors
/// It is not there, or no file.
pub(crate) async fn size(path: &Path) -> Result<u64, StartError> {
    let metadata = tokio::fs::metadata(path).await?;
    if metadata.is_dir() {
        return Err("is a folder; name the files in it, or a ZIP of them".into());
    }
    if !metadata.is_file() {
        return Err("is no file".into());
    }
    Ok(metadata.len())
}
