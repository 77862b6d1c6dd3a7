//! One repository over another.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;

use super::{ModelRepository, RepositoryError};

/// The models of all layers. A model is taken whole from the first layer that has its card, so that a card
/// never meets the weights of another.
pub struct LayeredRepository(Vec<Arc<dyn ModelRepository>>);

impl LayeredRepository {
    /// The layers, the uppermost first.
    #[must_use]
    pub fn new(layers: Vec<Arc<dyn ModelRepository>>) -> Self {
        Self(layers)
    }

    async fn layer(&self, name: &str) -> Result<Option<&dyn ModelRepository>, RepositoryError> {
        for layer in &self.0 {
            if layer.card(name).await?.is_some() {
                return Ok(Some(layer.as_ref()));
            }
        }
        Ok(None)
    }
}

#[async_trait]
impl ModelRepository for LayeredRepository {
    async fn names(&self) -> Result<Vec<String>, RepositoryError> {
        let mut names = BTreeSet::new();
        for layer in &self.0 {
            names.extend(layer.names().await?);
        }
        Ok(names.into_iter().collect())
    }

    async fn card(&self, name: &str) -> Result<Option<String>, RepositoryError> {
        match self.layer(name).await? {
            Some(layer) => layer.card(name).await,
            None => Ok(None),
        }
    }

    async fn versions(&self, name: &str) -> Result<Vec<u32>, RepositoryError> {
        match self.layer(name).await? {
            Some(layer) => layer.versions(name).await,
            None => Ok(Vec::new()),
        }
    }

    async fn file(&self, name: &str, version: u32) -> Result<Option<Bytes>, RepositoryError> {
        match self.layer(name).await? {
            Some(layer) => layer.file(name, version).await,
            None => Ok(None),
        }
    }
}
