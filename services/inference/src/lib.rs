//! The inference service: a repository of models, and running them over images. Stateless: nothing of a
//! prediction is kept.
//!
//! A call goes through [`Service`] (translates) to the [`Registry`] (which model) and, on the [`Pool`]
//! (how many at once), through [`pipeline::predict`] (bytes to answer).

pub mod card;
pub mod config;
pub mod engine;
pub mod pipeline;
pub mod registry;
pub mod repository;

mod classification;
mod error;
mod model;
mod parameters;
mod pool;
mod preprocess;
mod service;

pub use config::InferenceConfig;
pub use error::PredictError;
pub use model::{Model, ModelError};
pub use parameters::Values;
pub use pool::{Pool, PoolError};
pub use registry::{Registry, RegistryError};
pub use service::{OpenError, Service, open};
