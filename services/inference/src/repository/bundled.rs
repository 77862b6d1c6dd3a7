//! The models inside the binary, so that it needs no files.

use async_trait::async_trait;
use bytes::Bytes;

use super::{ModelRepository, RepositoryError};

/// A model of `models/`, as it was when the binary was built.
struct Bundled {
    name: &'static str,
    card: &'static str,
    /// Ascending.
    versions: &'static [(u32, &'static [u8])],
}

const MODELS: &[Bundled] = &[Bundled {
    name: "pneumonia",
    card: include_str!("../../../../models/pneumonia/model.toml"),
    versions: &[(
        1,
        include_bytes!("../../../../models/pneumonia/1/model.onnx"),
    )],
}];

/// The models inside the binary.
#[derive(Debug, Clone, Copy, Default)]
pub struct BundledRepository;

impl BundledRepository {
    fn model(name: &str) -> Option<&'static Bundled> {
        MODELS.iter().find(|model| model.name == name)
    }
}

#[async_trait]
impl ModelRepository for BundledRepository {
    async fn names(&self) -> Result<Vec<String>, RepositoryError> {
        Ok(MODELS.iter().map(|model| model.name.to_owned()).collect())
    }

    async fn card(&self, name: &str) -> Result<Option<String>, RepositoryError> {
        Ok(Self::model(name).map(|model| model.card.to_owned()))
    }

    async fn versions(&self, name: &str) -> Result<Vec<u32>, RepositoryError> {
        let versions = Self::model(name).map_or(&[][..], |model| model.versions);
        Ok(versions.iter().map(|(number, _)| *number).collect())
    }

    async fn file(&self, name: &str, version: u32) -> Result<Option<Bytes>, RepositoryError> {
        let mut versions = Self::model(name)
            .map_or(&[][..], |model| model.versions)
            .iter();
        let found = versions.find(|(number, _)| *number == version);
        Ok(found.map(|(_, bytes)| Bytes::from_static(bytes)))
    }
}
