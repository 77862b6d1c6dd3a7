//! The main job: ask inference, record the answer in history, and only then show it.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_proto::{
    history::v1::{
        self as history, FindPredictionRequest, RecordPredictionRequest,
        history_service_client::HistoryServiceClient,
    },
    inference::v1::{PredictRequest, inference_service_client::InferenceServiceClient},
};
use pupila_runtime::{context::RequestContext, rpc::RpcError, transport::Transport};

use crate::{
    Ledger, Question, Unanswered,
    record::{Occasion, to_record},
};

/// Asks models about images and keeps the record.
#[derive(Debug, Clone)]
pub struct Analyst {
    inference: InferenceServiceClient<Transport>,
    history: HistoryServiceClient<Transport>,
    ledger: Ledger,
    timeout: Duration,
}

impl Analyst {
    /// Asks `inference` and records in `history`; each call may take as long as `timeout`.
    #[must_use]
    pub fn new(
        inference: InferenceServiceClient<Transport>,
        history: HistoryServiceClient<Transport>,
        ledger: Ledger,
        timeout: Duration,
    ) -> Self {
        Self {
            inference,
            history,
            ledger,
            timeout,
        }
    }

    /// The recorded prediction. Its `id` is empty where the ledger is best-effort and history is down.
    ///
    /// # Errors
    /// Whatever inference or history refuse with, and `IDEMPOTENCY_KEY_REUSED` where the key led to another question's
    /// answer.
    pub async fn answer(
        &self,
        context: &RequestContext,
        question: Question,
    ) -> Result<history::Prediction, Unanswered> {
        if let Some(record) = self.known(context, &question).await? {
            return Ok(record);
        }
        let request = PredictRequest {
            model: question.model,
            version: question.version,
            image: question.image,
            parameters: question.parameters,
        };
        let response = self
            .inference
            .clone()
            .predict(context.call(request, self.timeout))
            .await
            .map_err(Unanswered::by_inference)?
            .into_inner();
        let occasion = Occasion {
            filename: question.filename,
            image_id: question.image_id,
            replay_of: question.replay_of,
        };
        let prediction = to_record(response, occasion, context);
        self.record(context, prediction, question.idempotency_key)
            .await
    }

    /// The answer to the same question under the same key, if there is one.
    async fn known(
        &self,
        context: &RequestContext,
        question: &Question,
    ) -> Result<Option<history::Prediction>, Unanswered> {
        if question.idempotency_key.is_empty() {
            return Ok(None);
        }
        let request = FindPredictionRequest {
            idempotency_key: question.idempotency_key.clone(),
        };
        let response = self
            .history
            .clone()
            .find_prediction(context.call(request, self.timeout))
            .await;
        match response.map_err(RpcError::from) {
            Ok(response) => {
                let record = response.into_inner().prediction.unwrap_or_default();
                let same = question.is_answered_by(&record);
                same.then_some(Some(record))
                    .ok_or_else(Unanswered::key_reused)
            }
            // Who may write but not read is told by history when it records.
            Err(error)
                if matches!(
                    error.code,
                    ErrorCode::NotFound | ErrorCode::PermissionDenied
                ) =>
            {
                Ok(None)
            }
            Err(error) if self.forgives(&error) => Ok(None),
            Err(error) => Err(Unanswered::by_history(error)),
        }
    }

    async fn record(
        &self,
        context: &RequestContext,
        prediction: history::Prediction,
        idempotency_key: String,
    ) -> Result<history::Prediction, Unanswered> {
        let request = RecordPredictionRequest {
            prediction: Some(prediction.clone()),
            idempotency_key,
        };
        let response = self
            .history
            .clone()
            .record_prediction(context.call(request, self.timeout))
            .await;
        match response.map_err(RpcError::from) {
            Ok(response) => response.into_inner().prediction.ok_or_else(|| {
                Unanswered::by_history(tonic::Status::internal("history answered without a record"))
            }),
            Err(error) if self.forgives(&error) => {
                tracing::warn!(%error, "a prediction is answered unrecorded: the ledger is best-effort");
                Ok(prediction)
            }
            Err(error) => Err(Unanswered::by_history(error)),
        }
    }

    /// Whether an answer may be given although history failed so.
    fn forgives(&self, error: &RpcError) -> bool {
        let down = matches!(
            error.code,
            ErrorCode::Unavailable | ErrorCode::DeadlineExceeded
        );
        down && self.ledger == Ledger::BestEffort
    }
}
