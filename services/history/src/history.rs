//! The rules of the record: who may see it, what may be in it, when it was made, what is said of it.

use std::{sync::Arc, time::Instant};

use futures_util::stream::BoxStream;
use pupila_core::{Clock, IdempotencyKey, ImageId, Listing, Page, PredictionId, ReviewId, UserId};

use crate::{
    HistoryError, NewPrediction, NewReview, Prediction, PredictionFilter, PredictionStore, Review,
    Statistics, Verdict, export, limits, violations::Violations,
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

    /// Names, dates and stores a prediction. Once this answers, the record outlives the process. Where the caller
    /// recorded the same with `key` before, the answer is what was recorded then.
    ///
    /// # Errors
    /// Fields that cannot be, an original that is not the caller's, a key that was used for something else, a caller
    /// who is erased, or a store that is away.
    pub async fn record(
        &self,
        caller: UserId,
        content: NewPrediction,
        key: Option<&IdempotencyKey>,
    ) -> Result<Prediction, HistoryError> {
        content.check()?;
        if let Some(original) = content.replay_of {
            let original = self.find(caller, original).await?;
            content.check_replay(&original.content)?;
        }
        let create_time = self.clock.now();
        let prediction = Prediction {
            id: PredictionId::new(create_time),
            create_time,
            caller,
            content,
            review: None,
        };
        let start = Instant::now();
        let before = self.store.record(&prediction, key).await?;
        metrics::histogram!("pupila_stage_seconds", "stage" => "record").record(start.elapsed());
        match before {
            None => Ok(prediction),
            Some(first) if first.content.repeats(&prediction.content) => Ok(first),
            Some(_) => Err(HistoryError::KeyReused),
        }
    }

    /// One of the caller's predictions.
    ///
    /// # Errors
    /// `PREDICTION_NOT_FOUND` where it does not exist or is somebody else's.
    pub async fn find(&self, caller: UserId, id: PredictionId) -> Result<Prediction, HistoryError> {
        let found = self.store.find(caller, id).await?;
        found.ok_or(HistoryError::NotFound(id))
    }

    /// The caller's prediction that an idempotency key led to.
    ///
    /// # Errors
    /// `PREDICTION_NOT_FOUND` where it has led to none yet.
    pub async fn find_by_key(
        &self,
        caller: UserId,
        key: &IdempotencyKey,
    ) -> Result<Prediction, HistoryError> {
        let found = self.store.find_by_key(caller, key).await?;
        found.ok_or(HistoryError::NothingWithKey)
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

    /// Writes down what the caller says of one of their predictions, beside it. From now on this counts, and no
    /// longer what they said before.
    ///
    /// # Errors
    /// `PREDICTION_NOT_FOUND`, a review that cannot be, or a caller who is being erased.
    pub async fn review(
        &self,
        caller: UserId,
        id: PredictionId,
        content: NewReview,
    ) -> Result<Prediction, HistoryError> {
        let prediction = self.find(caller, id).await?;
        let predicted = &prediction.content.output.label;
        content.check(predicted)?;
        let create_time = self.clock.now();
        let review = Review {
            id: ReviewId::new(create_time),
            create_time,
            reviewer: caller,
            verdict: content.verdict,
            label: match content.verdict {
                Verdict::Agree => predicted.clone(),
                Verdict::Disagree => content.label,
            },
            comment: content.comment,
        };
        self.store.review(&prediction, &review).await?;
        Ok(Prediction {
            review: Some(review),
            ..prediction
        })
    }

    /// The stored images of a page of the caller's predictions that count under `label`: each under the label of its
    /// latest review, else under the predicted one. The newest prediction comes first.
    ///
    /// # Errors
    /// A label that cannot be, or a store that is away.
    pub async fn labelled_images(
        &self,
        caller: UserId,
        label: &str,
        page: Page,
    ) -> Result<Listing<ImageId>, HistoryError> {
        let mut violations = Violations::default();
        violations.require_name("label", label, limits::LABEL);
        violations.finish::<HistoryError>()?;
        self.store.labelled_images(caller, label, page).await
    }

    /// Deletes all of a user's predictions and reviews, and records no more of them: their tokens, and predictions on
    /// their way, outlive them. It goes a batch at a time: what is deleted stays deleted when this ends early, and
    /// calling it once more goes on.
    ///
    /// # Errors
    /// A store that is away.
    pub async fn erase(&self, user: UserId) -> Result<(), HistoryError> {
        self.store.bar(user).await?;
        while self.store.erase_some(user).await? {}
        Ok(())
    }
}
