//! Who serves from a data folder.

use std::{
    fs::{File, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// What is locked. The file stays; its lock ends with the process, however that ends.
const FILE: &str = "lock";

/// This process serves from the data folder, and no other one does until this is dropped.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

/// Why the folder cannot be served from.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataLockError {
    /// Another process does.
    #[error("another server works in {}", .0.display())]
    Taken(PathBuf),
    /// The system does not let us.
    #[error("{} cannot be locked", .0.display())]
    Failed(PathBuf, #[source] io::Error),
}

impl DataLock {
    /// Takes the lock of a folder that is there.
    ///
    /// # Errors
    /// Another process has it, or the file cannot be made or locked.
    pub(crate) fn take(folder: &Path) -> Result<Self, DataLockError> {
        let path = folder.join(FILE);
        let opened = File::options()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path);
        let file = opened.map_err(|error| DataLockError::Failed(path.clone(), error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DataLockError::Taken(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(DataLockError::Failed(path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DataLock, DataLockError};

    #[test]
    fn one_server_works_in_a_folder_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = DataLock::take(folder.path()).expect("nobody has it");
        let second = DataLock::take(folder.path());
        assert!(matches!(second, Err(DataLockError::Taken(_))), "{second:?}");
        drop(first);
        DataLock::take(folder.path()).expect("nobody has it any more");
    }
}
