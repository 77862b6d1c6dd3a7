//! Whether a service can do its work now.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

/// How long a part may take to tell that it is ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something that must be there for a service to work, such as a database.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Its name, such as `history`.
    fn name(&self) -> &'static str;

    /// Fails, with the reason in words, while it cannot do its work.
    async fn ready(&self) -> Result<(), String>;
}

/// All that one process needs to be ready.
#[derive(Clone, Default)]
pub struct Parts(Vec<Arc<dyn Readiness>>);

impl Parts {
    /// The parts of one process.
    #[must_use]
    pub fn new(parts: Vec<Arc<dyn Readiness>>) -> Self {
        Self(parts)
    }

    /// The parts that are not ready, each as `name: reason`.
    pub async fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for part in &self.0 {
            let answer = tokio::time::timeout(PATIENCE, part.ready()).await;
            let reason = match answer {
                Ok(Ok(())) => continue,
                Ok(Err(reason)) => reason,
                Err(_) => "does not answer".to_owned(),
            };
            missing.push(format!("{}: {reason}", part.name()));
        }
        missing
    }
}
