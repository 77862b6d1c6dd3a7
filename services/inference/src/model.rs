//! One version of a model, loaded and ready to run.

use std::sync::Arc;

use bytes::Bytes;
use pupila_core::Digest;
use pupila_imaging::Picture;

use crate::{
    card::Card,
    classification::{self, Classification, OutputError},
    engine::{Engine, EngineError, Network},
    error::PredictError,
    parameters::Values,
    preprocess::Preprocessor,
};

/// The threshold where neither card nor caller gives one.
const EVEN: f64 = 0.5;

/// One version of a model, loaded and ready to run. Many threads may run it at once.
pub struct Model {
    card: Arc<Card>,
    version: u32,
    digest: Digest,
    preprocessor: Preprocessor,
    network: Arc<dyn Network>,
    temperature: f64,
    threshold: f64,
}

/// Why a version could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The card does not know the file.
    #[error(
        "the card does not list it: add [versions.{version}] with sha256 = \"{digest}\" to model.toml"
    )]
    Unlisted {
        /// The version.
        version: u32,
        /// What the file's digest is.
        digest: Digest,
    },
    /// The file is not the one that the card means.
    #[error("model.onnx has the SHA-256 {actual}, the card says {expected}")]
    Digest {
        /// What the card says.
        expected: Digest,
        /// What the file has.
        actual: Digest,
    },
    /// The engine does not take it.
    #[error("model.onnx cannot be loaded: {0}")]
    Engine(#[source] EngineError),
    /// It does not fit the card.
    #[error("model.onnx does not fit the card: {0}")]
    Output(#[source] OutputError),
}

impl Model {
    /// Checks a version's file against its card, then reads it. Slow: keep it off the async threads.
    ///
    /// # Errors
    /// Any [`ModelError`]; nothing of the file is parsed before its digest has been found right.
    pub fn load(
        engine: &dyn Engine,
        card: Arc<Card>,
        version: u32,
        file: Bytes,
    ) -> Result<Self, ModelError> {
        let digest = Digest::of(&file);
        let listed = card
            .versions
            .get(&version)
            .ok_or(ModelError::Unlisted { version, digest })?;
        if listed.sha256 != digest {
            return Err(ModelError::Digest {
                expected: listed.sha256,
                actual: digest,
            });
        }
        let network = engine
            .load(file, card.input.shape())
            .map_err(ModelError::Engine)?;
        classification::check_length(network.outputs(), card.labels.len())
            .map_err(ModelError::Output)?;
        let declared = card
            .parameter("threshold")
            .map(|parameter| parameter.default);
        Ok(Self {
            version,
            digest,
            preprocessor: Preprocessor::new(&card.input),
            network,
            temperature: listed
                .temperature
                .or(card.output.temperature)
                .unwrap_or(1.0),
            threshold: listed
                .threshold
                .or(card.output.threshold)
                .or(declared)
                .unwrap_or(EVEN),
            card,
        })
    }

    /// The model's card.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The version's number.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// SHA-256 of the file that was loaded.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What a declared parameter is where the caller says nothing.
    #[must_use]
    pub fn default_of(&self, name: &str) -> Option<f64> {
        let parameter = self.card.parameter(name)?;
        Some(match name {
            "threshold" => self.threshold,
            _ => parameter.default,
        })
    }

    pub(crate) fn preprocess(&self, picture: Picture) -> Result<Vec<f32>, PredictError> {
        Ok(self.preprocessor.prepare(picture)?)
    }

    pub(crate) fn infer(&self, input: &[f32]) -> Result<Vec<f32>, PredictError> {
        Ok(self.network.run(input)?)
    }

    pub(crate) fn answer(
        &self,
        outputs: &[f32],
        values: &Values,
    ) -> Result<Classification, PredictError> {
        let threshold = values.get("threshold").unwrap_or(self.threshold);
        let answer = classification::classify(&self.card, outputs, self.temperature, threshold)?;
        Ok(answer)
    }
}
