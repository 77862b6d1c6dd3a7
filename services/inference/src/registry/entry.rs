//! The state of one model. Entries never change: a new one takes the old one's place.

use std::{collections::BTreeMap, sync::Arc};

use pupila_core::Digest;

use super::RegistryError;
use crate::{
    card::{Card, CardError},
    model::Model,
};

/// One model of the repository.
pub struct Entry {
    /// The model's name.
    pub name: String,
    /// Its card; `None` where it was refused, and then every version has failed for that reason.
    pub card: Option<Arc<Card>>,
    /// Its versions by number.
    pub versions: BTreeMap<u32, Version>,
}

/// One version of a model.
#[derive(Clone)]
pub struct Version {
    /// Whether it answers.
    pub state: State,
    /// SHA-256 of its file, once that has been read.
    pub sha256: Option<Digest>,
    /// Bytes of its file.
    pub size_bytes: u64,
}

/// Whether a version answers. Life cycle: loading → ready or failed; ready → unloaded and back.
#[derive(Clone)]
pub enum State {
    /// Being read, optimised and warmed up.
    Loading,
    /// Answers.
    Ready(Arc<Model>),
    /// In the repository, but not in memory.
    Unloaded,
    /// Refused or broken, with the reason.
    Failed(String),
}

impl Version {
    pub(super) fn failed(reason: String) -> Self {
        Self::unread(State::Failed(reason))
    }

    fn unread(state: State) -> Self {
        Self {
            state,
            sha256: None,
            size_bytes: 0,
        }
    }
}

impl Entry {
    pub(super) fn broken(name: &str, offered: &[u32], error: &CardError) -> Self {
        let failed = |number: &u32| (*number, Version::failed(error.to_string()));
        Self {
            name: name.to_owned(),
            card: None,
            versions: offered.iter().map(failed).collect(),
        }
    }

    /// A model about to be loaded: what is ready in `before` stays so until it is replaced.
    pub(super) fn loading(card: &Arc<Card>, offered: &[u32], before: Option<&Self>) -> Self {
        let version = |number: &u32| {
            let before = before.and_then(|entry| entry.versions.get(number)).cloned();
            let answering = before.filter(|version| matches!(version.state, State::Ready(_)));
            (
                *number,
                answering.unwrap_or_else(|| Version::unread(State::Loading)),
            )
        };
        Self::loaded(card, offered.iter().map(version).collect())
    }

    pub(super) fn loaded(card: &Arc<Card>, versions: BTreeMap<u32, Version>) -> Self {
        Self {
            name: card.name.clone(),
            card: Some(Arc::clone(card)),
            versions,
        }
    }

    /// The same model out of memory; what has failed stays failed.
    pub(super) fn unloaded(&self) -> Self {
        let mut versions = self.versions.clone();
        for version in versions.values_mut() {
            if !matches!(version.state, State::Failed(_)) {
                version.state = State::Unloaded;
            }
        }
        Self {
            name: self.name.clone(),
            card: self.card.clone(),
            versions,
        }
    }

    /// The loaded model of a version, or of the newest that is ready.
    pub(crate) fn ready(&self, version: Option<u32>) -> Result<Arc<Model>, RegistryError> {
        let Some(number) = version else {
            return self.newest_ready();
        };
        let version = self.versions.get(&number).ok_or_else(|| {
            RegistryError::version_not_found(&self.name, number, self.versions.keys())
        })?;
        match &version.state {
            State::Ready(model) => Ok(Arc::clone(model)),
            other => Err(RegistryError::not_ready(&self.name, number, other)),
        }
    }

    fn newest_ready(&self) -> Result<Arc<Model>, RegistryError> {
        let mut newest_first = self.versions.iter().rev();
        let ready = newest_first
            .clone()
            .find_map(|(_, version)| match &version.state {
                State::Ready(model) => Some(Arc::clone(model)),
                _ => None,
            });
        ready.ok_or_else(|| match newest_first.next() {
            Some((number, version)) => {
                RegistryError::not_ready(&self.name, *number, &version.state)
            }
            None => RegistryError::without_versions(&self.name),
        })
    }
}
