//! The services inside this process.

use std::sync::Arc;

use pupila_core::Clock;
use pupila_history::HistoryDatabase;
use pupila_runtime::{
    process::StartError,
    readiness::Parts,
    transport::{self, Transport},
};

use crate::config::Config;

/// Every service of this process, loaded and ready.
pub(crate) struct Services {
    pub(crate) inference: Transport,
    pub(crate) history: Transport,
    pub(crate) parts: Parts,
    database: Arc<HistoryDatabase>,
}

impl Services {
    /// Opens the database and loads the models, both at once.
    pub(crate) async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let inference = async {
            let service = pupila_inference::open(&config.inference).await;
            service.map_err(StartError::from)
        };
        let history = async {
            let service = pupila_history::open(&config.history, clock).await;
            service.map_err(StartError::from)
        };
        let (inference, history) = futures_util::try_join!(inference, history)?;
        Ok(Self {
            parts: Parts::new(vec![
                Arc::clone(inference.registry()) as _,
                Arc::clone(&history.readiness) as _,
            ]),
            inference: transport::in_process(inference.into_server()),
            history: transport::in_process(history.server),
            database: history.readiness,
        })
    }

    /// Closes the database after the last statement.
    pub(crate) async fn stop(self) {
        self.database.close().await;
    }
}
