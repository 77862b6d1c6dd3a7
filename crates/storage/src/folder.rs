//! Objects as files below a folder.
//!
//! A file is written beside its place under a name of its own, flushed to the disk, and moved: whoever reads sees the
//! old object or the new one, and what was acknowledged outlives a power cut. Only a deletion may be undone by one.

use std::{
    fmt, fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem};

use crate::{StorageError, StorageKey, error::find};

/// How often a file is written again whose folder was cleared away meanwhile.
const ATTEMPTS: usize = 5;

/// Objects as files below a folder.
#[derive(Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    files: LocalFileSystem,
}

impl Folder {
    /// The folder `path`, made for the user who runs this process alone where it does not exist.
    pub(crate) fn open(path: &Path) -> Result<Self, StorageError> {
        let open = || {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path)?;
            fs::canonicalize(path)
        };
        let path = open().map_err(|error| StorageError::Folder(path.into(), error))?;
        let files = LocalFileSystem::new_with_prefix(&path)?
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self { path, files })
    }

    pub(crate) fn objects(&self) -> &dyn ObjectStore {
        &self.files
    }

    /// Makes sure that the folder is there: without it every object would seem to be deleted.
    pub(crate) async fn ensure(&self) -> Result<(), StorageError> {
        let found = tokio::fs::metadata(&self.path).await;
        let missing = match found {
            Ok(found) if found.is_dir() => return Ok(()),
            Ok(_) => io::Error::from(io::ErrorKind::NotADirectory),
            Err(error) => error,
        };
        Err(StorageError::Folder(self.path.clone(), missing))
    }

    /// Writes an object. A deletion beside it clears empty folders away, at worst the one that was just made for it.
    pub(crate) async fn put(
        &self,
        key: &StorageKey,
        bytes: PutPayload,
    ) -> object_store::Result<()> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.files.put(key.path(), bytes.clone()).await {
                Err(error) if attempts < ATTEMPTS && lost_its_folder(&error) => {}
                result => return result.map(drop),
            }
        }
    }

    /// Deletes the files that nobody finished writing, because the process died, and that were begun before `before`.
    /// Answers how many.
    pub(crate) async fn discard_unfinished(&self, before: Timestamp) -> Result<u64, StorageError> {
        let path = self.path.clone();
        let before = SystemTime::from(before);
        tokio::task::spawn_blocking(move || discard_unfinished(&path, before))
            .await
            .map_err(|error| StorageError::Failed(error.into()))?
            .map_err(|error| StorageError::Folder(self.path.clone(), error))
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

fn lost_its_folder(error: &object_store::Error) -> bool {
    find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn discard_unfinished(folder: &Path, before: SystemTime) -> io::Result<u64> {
    let mut discarded = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            discarded += unless_gone(discard_unfinished(&path, before))?;
        } else if is_unfinished(&path) && unless_gone(is_older(&entry, before))? {
            discarded += unless_gone(fs::remove_file(&path).map(|()| 1))?;
        }
    }
    Ok(discarded)
}

/// `object_store` writes `name` as `name#1`, `name#2`, …; no key has a `#`.
fn is_unfinished(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().contains(&b'#'))
}

fn is_older(entry: &fs::DirEntry, before: SystemTime) -> io::Result<bool> {
    Ok(entry.metadata()?.modified()? < before)
}

/// Others write and delete meanwhile.
fn unless_gone<T: Default>(result: io::Result<T>) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        result => result,
    }
}
