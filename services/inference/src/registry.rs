//! Which models there are, and which of them are loaded.

mod entry;
mod error;

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use pupila_core::Digest;
use pupila_runtime::{readiness::Readiness, rpc::with_causes};
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{
    card::{Card, CardError, is_model_name},
    engine::Engine,
    model::Model,
    repository::ModelRepository,
};

pub use entry::{Entry, State, Version};
pub use error::RegistryError;

/// The model that is taken where nobody says which.
const LAST_RESORT: &str = "pneumonia";

type Entries = BTreeMap<String, Arc<Entry>>;

/// Which models there are, and which of them are loaded. Readers never wait: each sees one whole state, and
/// keeps the model that it took from it for as long as it needs.
pub struct Registry {
    repository: Arc<dyn ModelRepository>,
    engine: Arc<dyn Engine>,
    default_model: Option<String>,
    entries: ArcSwap<Entries>,
    /// Held by whoever loads or unloads: one at a time.
    turn: Mutex<()>,
}

impl Registry {
    /// Loads every version of every model. A model that fails is kept with its failure, and stops no other.
    ///
    /// # Errors
    /// The repository cannot be read, or holds no model of the name `default_model`.
    pub async fn open(
        repository: Arc<dyn ModelRepository>,
        engine: Arc<dyn Engine>,
        default_model: Option<String>,
    ) -> Result<Arc<Self>, RegistryError> {
        let registry = Arc::new(Self {
            repository,
            engine,
            default_model,
            entries: ArcSwap::default(),
            turn: Mutex::new(()),
        });
        for name in registry.repository.names().await? {
            if let Err(error) = registry.load(&name).await {
                tracing::error!(model = name, error = %with_causes(&error), "not loaded");
            }
        }
        if let Some(name) = &registry.default_model {
            registry.get(name)?;
        }
        Ok(registry)
    }

    /// All models, by name.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Entry>> {
        self.entries.load().values().cloned().collect()
    }

    /// One model.
    ///
    /// # Errors
    /// [`RegistryError::ModelNotFound`].
    pub fn get(&self, name: &str) -> Result<Arc<Entry>, RegistryError> {
        let entries = self.entries.load();
        let found = entries.get(name).cloned();
        found.ok_or_else(|| RegistryError::model_not_found(name, entries.keys()))
    }

    /// The loaded model for a caller who asks for `name`, or for none with an empty one, and for a version or
    /// else the newest that is ready.
    ///
    /// # Errors
    /// There is no such model or version, or it is not ready.
    pub fn ready(&self, name: &str, version: Option<u32>) -> Result<Arc<Model>, RegistryError> {
        match name {
            "" => self.get(&self.default_name()?)?.ready(version),
            name => self.get(name)?.ready(version),
        }
    }

    fn default_name(&self) -> Result<String, RegistryError> {
        let entries = self.entries.load();
        if let Some(name) = &self.default_model {
            return Ok(name.clone());
        }
        match entries.keys().collect::<Vec<_>>().as_slice() {
            [only] => Ok((*only).clone()),
            _ if entries.contains_key(LAST_RESORT) => Ok(LAST_RESORT.to_owned()),
            names => Err(RegistryError::no_default(names)),
        }
    }

    /// Reads a model's card and files again and replaces what is loaded; until then the old one answers.
    /// Goes on to its end even if the caller does not wait for it.
    ///
    /// # Errors
    /// There is no such model, its card is refused, or the repository cannot be read. Versions that fail carry
    /// their failure in the answer.
    pub async fn load(self: &Arc<Self>, name: &str) -> Result<Arc<Entry>, RegistryError> {
        let (registry, name) = (Arc::clone(self), name.to_owned());
        let loading = tokio::spawn(async move {
            let _turn = registry.turn.lock().await;
            registry.load_now(&name).await
        });
        loading.await.map_err(RegistryError::Interrupted)?
    }

    /// Takes a model out of memory, as soon as the predictions that use it have finished.
    ///
    /// # Errors
    /// [`RegistryError::ModelNotFound`].
    pub async fn unload(&self, name: &str) -> Result<Arc<Entry>, RegistryError> {
        let _turn = self.turn.lock().await;
        let entry = Arc::new(self.get(name)?.unloaded());
        tracing::info!(model = name, "unloaded");
        Ok(self.publish(entry))
    }

    async fn load_now(&self, name: &str) -> Result<Arc<Entry>, RegistryError> {
        let text = match is_model_name(name) {
            true => self.repository.card(name).await?,
            false => None,
        };
        let Some(text) = text else {
            self.forget(name);
            return Err(RegistryError::model_not_found(
                name,
                self.entries.load().keys(),
            ));
        };
        let offered = self.repository.versions(name).await?;
        let card = match read_card(name, &text) {
            Ok(card) => Arc::new(card),
            Err(error) => {
                // What is loaded goes on answering under the card that it was loaded with.
                if self.get(name).is_err() {
                    self.publish(Arc::new(Entry::broken(name, &offered, &error)));
                }
                return Err(RegistryError::card(name, error));
            }
        };
        for missing in card
            .versions
            .keys()
            .filter(|version| !offered.contains(version))
        {
            tracing::warn!(
                model = name,
                version = missing,
                "on the card, but not offered"
            );
        }
        let before = self.get(name).ok();
        self.publish(Arc::new(Entry::loading(&card, &offered, before.as_deref())));
        let mut versions = BTreeMap::new();
        for number in offered {
            versions.insert(number, self.load_version(&card, number).await);
        }
        Ok(self.publish(Arc::new(Entry::loaded(&card, versions))))
    }

    async fn load_version(&self, card: &Arc<Card>, number: u32) -> Version {
        let file = match self.repository.file(&card.name, number).await {
            Ok(Some(file)) => file,
            Ok(None) => return Version::failed("model.onnx is gone".to_owned()),
            Err(error) => {
                tracing::error!(error = with_causes(&error), "model.onnx is not readable");
                return Version::failed("model.onnx cannot be read".to_owned());
            }
        };
        let size_bytes = file.len() as u64;
        let (engine, card) = (Arc::clone(&self.engine), Arc::clone(card));
        let name = card.name.clone();
        let loading = spawn_blocking(move || {
            let loaded = Model::load(engine.as_ref(), card, number, file.clone());
            let digest = loaded
                .as_ref()
                .map_or_else(|_| Digest::of(&file), Model::digest);
            (loaded, digest)
        });
        let (state, sha256) = match loading.await {
            Ok((Ok(model), digest)) => (State::Ready(Arc::new(model)), Some(digest)),
            Ok((Err(error), digest)) => (State::Failed(error.to_string()), Some(digest)),
            Err(_) => (
                State::Failed("the engine panicked on model.onnx".to_owned()),
                None,
            ),
        };
        match &state {
            State::Failed(failure) => {
                tracing::error!(model = name, version = number, failure, "not loaded")
            }
            _ => tracing::info!(model = name, version = number, "loaded"),
        }
        Version {
            state,
            sha256,
            size_bytes,
        }
    }

    fn publish(&self, entry: Arc<Entry>) -> Arc<Entry> {
        self.entries.rcu(|entries| {
            let mut entries = Entries::clone(entries);
            entries.insert(entry.name.clone(), Arc::clone(&entry));
            entries
        });
        entry
    }

    fn forget(&self, name: &str) {
        self.entries.rcu(|entries| {
            let mut entries = Entries::clone(entries);
            entries.remove(name);
            entries
        });
    }
}

#[async_trait]
impl Readiness for Registry {
    fn name(&self) -> &'static str {
        "inference"
    }

    /// Ready from the start: [`Registry::open`] returns once every version has been tried. A model that failed or was
    /// unloaded is told by its own state, so that one broken model does not take the others out of service.
    async fn ready(&self) -> Result<(), String> {
        Ok(())
    }
}

fn read_card(name: &str, text: &str) -> Result<Card, CardError> {
    let card = Card::parse(text)?;
    if card.name != name {
        let fault = format!("name: is `{}` in the folder `{name}`", card.name);
        return Err(CardError::Faults(vec![fault]));
    }
    Ok(card)
}
