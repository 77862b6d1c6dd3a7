//! What runs a network. Behind a trait, so that tract stays in one file.

mod tract;

use std::sync::Arc;

use bytes::Bytes;

pub use tract::Tract;

/// Reads networks. Loading is slow and takes a core: keep it off the async threads.
pub trait Engine: Send + Sync {
    /// Reads an ONNX file for inputs of exactly `shape`, and runs it once to see that it works.
    ///
    /// # Errors
    /// It cannot be read, or does not take such an input.
    fn load(&self, file: Bytes, shape: [usize; 4]) -> Result<Arc<dyn Network>, EngineError>;
}

/// A network that is ready to run; many threads may run it at once.
pub trait Network: Send + Sync {
    /// How many numbers its first output has.
    fn outputs(&self) -> usize;

    /// The first output, flat, for one input in the order of its shape.
    ///
    /// # Errors
    /// A wrong length of `input`, or a fault inside the engine.
    fn run(&self, input: &[f32]) -> Result<Vec<f32>, EngineError>;
}

/// What went wrong inside the engine, in its words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(String);
