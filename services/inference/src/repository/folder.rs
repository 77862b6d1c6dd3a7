//! Models in a folder: `<name>/model.toml` and `<name>/<version>/model.onnx`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{ModelRepository, RepositoryError};
use crate::card::{Card, is_model_name};

const CARD: &str = "model.toml";
const FILE: &str = "model.onnx";

/// The models of a folder, or one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderRepository {
    /// A folder with a folder for each model.
    Many {
        /// The folder.
        root: PathBuf,
    },
    /// One model.
    One {
        /// The model's name, as its card says.
        name: String,
        /// The folder that holds its card.
        folder: PathBuf,
        /// The only version that is offered; `None` for all.
        pinned: Option<u32>,
    },
}

/// The path leads to no models.
#[derive(Debug, thiserror::Error)]
#[error("`{}` {reason}", path.display())]
pub struct NotARepository {
    path: PathBuf,
    reason: String,
}

impl FolderRepository {
    /// The repository that `path` leads to: a folder of models, a model's folder, or the file
    /// `<model>/<version>/model.onnx`, which pins that version.
    ///
    /// # Errors
    /// Anything else.
    pub fn open(path: &Path) -> Result<Self, NotARepository> {
        let refuse = |reason: &str| NotARepository {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        if path.is_file() {
            return Self::pinned(path).ok_or_else(|| {
                refuse(
                    "is not a model of a repository: give a folder of models, a folder with a model.toml, or the \
                     file <model>/<version>/model.onnx with a model.toml beside the version",
                )
            })?;
        }
        if path.join(CARD).is_file() {
            return Self::one(path, None);
        }
        let entries =
            fs::read_dir(path).map_err(|error| refuse(&format!("cannot be read: {error}")))?;
        let mut entries = entries.filter_map(Result::ok).peekable();
        // An empty folder, or one with a model that has no card yet, is a repository about to be filled.
        if entries.peek().is_some() && !entries.any(|entry| entry.path().is_dir()) {
            return Err(refuse(
                "holds no model: neither a model.toml nor folders with one",
            ));
        }
        Ok(Self::Many {
            root: path.to_owned(),
        })
    }

    /// The name of the only model; `None` where there may be many.
    #[must_use]
    pub fn only(&self) -> Option<&str> {
        match self {
            Self::Many { .. } => None,
            Self::One { name, .. } => Some(name),
        }
    }

    fn pinned(file: &Path) -> Option<Result<Self, NotARepository>> {
        let version = file.parent()?;
        let folder = version.parent()?;
        let number = version_number(version)?;
        let well_named = file.file_name()? == FILE && folder.join(CARD).is_file();
        well_named.then(|| Self::one(folder, Some(number)))
    }

    /// One model goes by the name on its card: its folder may be a mount with a name of its own.
    fn one(folder: &Path, pinned: Option<u32>) -> Result<Self, NotARepository> {
        let refuse = |reason: String| NotARepository {
            path: folder.join(CARD),
            reason,
        };
        let text = fs::read_to_string(folder.join(CARD))
            .map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let card = Card::parse(&text).map_err(|error| refuse(format!("is refused: {error}")))?;
        Ok(Self::One {
            name: card.name,
            folder: folder.to_owned(),
            pinned,
        })
    }

    /// The folder of a model; `None` for a name that cannot be one.
    fn model(&self, name: &str) -> Option<PathBuf> {
        match self {
            // The name becomes part of a path: `..` and `/` must not get this far.
            Self::Many { root } => is_model_name(name).then(|| root.join(name)),
            Self::One {
                name: only, folder, ..
            } => (only == name).then(|| folder.clone()),
        }
    }

    fn offers(&self, version: u32) -> bool {
        match self {
            Self::One {
                pinned: Some(only), ..
            } => *only == version,
            _ => true,
        }
    }
}

#[async_trait]
impl ModelRepository for FolderRepository {
    async fn names(&self) -> Result<Vec<String>, RepositoryError> {
        let root = match self {
            Self::One { name, .. } => return Ok(vec![name.clone()]),
            Self::Many { root } => root,
        };
        let mut names: Vec<String> = folders(root)
            .await?
            .into_iter()
            .filter(|folder| folder.join(CARD).is_file())
            .filter_map(|folder| folder.file_name()?.to_str().map(str::to_owned))
            .filter(|name| is_model_name(name))
            .collect();
        names.sort();
        Ok(names)
    }

    async fn card(&self, name: &str) -> Result<Option<String>, RepositoryError> {
        let Some(folder) = self.model(name) else {
            return Ok(None);
        };
        let path = folder.join(CARD);
        found(tokio::fs::read_to_string(&path).await, &path)
    }

    async fn versions(&self, name: &str) -> Result<Vec<u32>, RepositoryError> {
        let Some(folder) = self.model(name) else {
            return Ok(Vec::new());
        };
        let mut versions: Vec<u32> = folders(&folder)
            .await?
            .into_iter()
            .filter(|folder| folder.join(FILE).is_file())
            .filter_map(|folder| version_number(&folder))
            .filter(|version| self.offers(*version))
            .collect();
        versions.sort_unstable();
        Ok(versions)
    }

    async fn file(&self, name: &str, version: u32) -> Result<Option<Bytes>, RepositoryError> {
        let Some(folder) = self.model(name).filter(|_| self.offers(version)) else {
            return Ok(None);
        };
        let path = folder.join(version.to_string()).join(FILE);
        let bytes = found(tokio::fs::read(&path).await, &path)?;
        Ok(bytes.map(Bytes::from))
    }
}

/// The number that a version's folder is named for; `01` is not one.
fn version_number(folder: &Path) -> Option<u32> {
    let name = folder.file_name()?.to_str()?;
    let number: u32 = name.parse().ok()?;
    (number > 0 && number.to_string() == name).then_some(number)
}

/// Everything in a folder; nothing where there is no such folder.
async fn folders(path: &Path) -> Result<Vec<PathBuf>, RepositoryError> {
    let Some(mut entries) = found(tokio::fs::read_dir(path).await, path)? else {
        return Ok(Vec::new());
    };
    let mut folders = Vec::new();
    let failed = |source| RepositoryError {
        path: path.display().to_string(),
        source,
    };
    while let Some(entry) = entries.next_entry().await.map_err(failed)? {
        folders.push(entry.path());
    }
    Ok(folders)
}

/// What was read, or `None` where there was nothing to read.
fn found<T>(read: io::Result<T>, path: &Path) -> Result<Option<T>, RepositoryError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(RepositoryError {
            path: path.display().to_string(),
            source,
        }),
    }
}
