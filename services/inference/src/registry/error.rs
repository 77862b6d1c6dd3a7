//! Why there is no model to answer.

use pupila_core::{ErrorCode, Fault, FieldViolation};
use tokio::task::JoinError;

use super::State;
use crate::{
    card::CardError,
    error::{list, quote},
    repository::RepositoryError,
};

/// Why there is no model to answer. Names in its texts come from callers, and are cut.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The repository has no such model.
    #[error("model {name} does not exist; there are: {known}")]
    ModelNotFound {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The model has no such version.
    #[error("model {name} has no version {version}; there are: {known}")]
    VersionNotFound {
        /// The model.
        name: String,
        /// The version asked for.
        version: u32,
        /// The versions there are.
        known: String,
    },
    /// It is there, but does not answer now.
    #[error("model {name} is not ready: {reason}")]
    NotReady {
        /// The model.
        name: String,
        /// Why.
        reason: String,
    },
    /// No model was named, and none goes without saying.
    #[error("which model? There are: {known}")]
    NoDefault {
        /// The names there are.
        known: String,
    },
    /// The model's card is refused; what was loaded goes on answering.
    #[error("model {name} is refused: {source}")]
    Card {
        /// The model.
        name: String,
        /// Why.
        source: CardError,
    },
    /// The repository cannot be read.
    #[error("the models cannot be read now")]
    Repository(#[from] RepositoryError),
    /// Loading panicked or was stopped.
    #[error("loading was interrupted")]
    Interrupted(#[source] JoinError),
}

impl RegistryError {
    pub(super) fn model_not_found<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Self {
        Self::ModelNotFound {
            name: quote(name),
            known: list(known),
        }
    }

    pub(super) fn version_not_found<'a>(
        name: &str,
        version: u32,
        known: impl Iterator<Item = &'a u32>,
    ) -> Self {
        Self::VersionNotFound {
            name: quote(name),
            version,
            known: list(known.map(u32::to_string)),
        }
    }

    pub(super) fn not_ready(name: &str, version: u32, state: &State) -> Self {
        let reason = match state {
            State::Failed(failure) => format!("version {version} failed: {failure}"),
            State::Unloaded => format!("version {version} is unloaded"),
            State::Loading | State::Ready(_) => format!("version {version} is being loaded"),
        };
        Self::NotReady {
            name: quote(name),
            reason,
        }
    }

    pub(super) fn without_versions(name: &str) -> Self {
        Self::NotReady {
            name: quote(name),
            reason: "it has no versions".to_owned(),
        }
    }

    pub(super) fn no_default(known: &[&String]) -> Self {
        Self::NoDefault { known: list(known) }
    }

    pub(super) fn card(name: &str, source: CardError) -> Self {
        Self::Card {
            name: quote(name),
            source,
        }
    }
}

impl Fault for RegistryError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::ModelNotFound { .. } | Self::VersionNotFound { .. } => ErrorCode::NotFound,
            Self::NoDefault { .. } => ErrorCode::InvalidArgument,
            Self::Card { .. } => ErrorCode::Unprocessable,
            Self::NotReady { .. } | Self::Repository(_) => ErrorCode::Unavailable,
            Self::Interrupted(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::ModelNotFound { .. } => "MODEL_NOT_FOUND",
            Self::VersionNotFound { .. } => "VERSION_NOT_FOUND",
            Self::NotReady { .. } => "MODEL_NOT_READY",
            Self::NoDefault { .. } => "INVALID_ARGUMENT",
            Self::Card { .. } => "MODEL_CARD_INVALID",
            Self::Repository(_) => "MODELS_UNAVAILABLE",
            Self::Interrupted(_) => "INTERNAL",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::NoDefault { .. } => vec![FieldViolation::new("model", self.to_string())],
            _ => Vec::new(),
        }
    }
}
