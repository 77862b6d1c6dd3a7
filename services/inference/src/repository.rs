//! Where models come from.

mod bundled;
mod folder;
mod layered;

use async_trait::async_trait;
use bytes::Bytes;

pub use bundled::BundledRepository;
pub use folder::{FolderRepository, NotARepository};
pub use layered::LayeredRepository;

/// A collection of models: a card and numbered files each. Names are checked before they come here
/// ([`is_model_name`](crate::card::is_model_name)), so that they can be parts of paths.
#[async_trait]
pub trait ModelRepository: Send + Sync {
    /// The names of all models, sorted.
    async fn names(&self) -> Result<Vec<String>, RepositoryError>;

    /// The text of a model's card; `None` where there is no such model.
    async fn card(&self, name: &str) -> Result<Option<String>, RepositoryError>;

    /// The numbers of a model's versions, ascending; none where there is no such model.
    async fn versions(&self, name: &str) -> Result<Vec<u32>, RepositoryError>;

    /// The bytes of a version's `model.onnx`; `None` where there is no such version.
    async fn file(&self, name: &str, version: u32) -> Result<Option<Bytes>, RepositoryError>;
}

/// The repository could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be read")]
pub struct RepositoryError {
    /// What could not be read.
    pub path: String,
    /// Why.
    pub source: std::io::Error,
}
