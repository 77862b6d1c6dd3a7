//! The rules of the record: who may see it, what may be in it, when it was made.

use std::{sync::Arc, time::Instant};

use futures_util::stream::BoxStream;
use pupila_core::{Clock, Listing, Page, PredictionId, UserId};

use crate::{
    HistoryError, NewPrediction, Prediction, PredictionFilter, PredictionStore, Statistics, export,
};

/// The record of predictions. Its clones share the store.
#[derive(Clone)]
pub struct History {
    store: Arc<dyn PredictionStore>,
    clock: Arc<dyn Clock>,
}

impl History {
    /// The record that `store` keeps.
    #[must_use]
    pub fn new(store: Arc<dyn PredictionStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Names, dates and stores a prediction. Once this answers, the record outlives the process.
    ///
    /// # Errors
    /// Fields that cannot be, or a store that is away.
    pub async fn record(
        &self,
        caller: UserId,
        content: NewPrediction,
    ) -> Result<Prediction, HistoryError> {
        content.check()?;
        let create_time = self.clock.now();
        let prediction = Prediction {
            id: PredictionId::new(create_time),
            create_time,
            caller,
            content,
        };
        let start = Instant::now();
        self.store.record(&prediction).await?;
        metrics::histogram!("pupila_stage_seconds", "stage" => "record").record(start.elapsed());
        Ok(prediction)
    }

    /// One of the caller's predictions.
    ///
    /// # Errors
    /// `PREDICTION_NOT_FOUND` where it does not exist or is somebody else's.
    pub async fn find(&self, caller: UserId, id: PredictionId) -> Result<Prediction, HistoryError> {
        let found = self.store.find(caller, id).await?;
        found.ok_or(HistoryError::NotFound(id))
    }

    /// A page of the caller's predictions, the newest first.
    ///
    /// # Errors
    /// A filter that cannot be, or a store that is away.
    pub async fn list(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
        page: Page,
    ) -> Result<Listing<Prediction>, HistoryError> {
        filter.check()?;
        self.store.list(caller, filter, page).await
    }

    /// All of the caller's predictions, the newest first, however many there are.
    ///
    /// # Errors
    /// A filter that cannot be, or a store that is away; one that goes away later ends the stream with an error.
    pub async fn export(
        &self,
        caller: UserId,
        filter: PredictionFilter,
    ) -> Result<BoxStream<'static, Result<Prediction, HistoryError>>, HistoryError> {
        filter.check()?;
        export::stream(Arc::clone(&self.store), caller, filter).await
    }

    /// Counts over the caller's predictions.
    ///
    /// # Errors
    /// A filter that cannot be, or a store that is away.
    pub async fn statistics(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
    ) -> Result<Statistics, HistoryError> {
        filter.check()?;
        self.store.statistics(caller, filter).await
    }
}
