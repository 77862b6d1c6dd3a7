//! The main job: ask inference, record the answer in history, and only then show it.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use pupila_core::ErrorCode;
use pupila_proto::{
    history::v1::{
        self as history, RecordPredictionRequest, history_service_client::HistoryServiceClient,
    },
    inference::v1::{
        PredictRequest, PredictResponse, inference_service_client::InferenceServiceClient,
    },
};
use pupila_runtime::{context::RequestContext, rpc::RpcError, transport::Transport};

use crate::config::Ledger;

/// Asks models about images and keeps the record.
#[derive(Debug, Clone)]
pub struct Analyst {
    inference: InferenceServiceClient<Transport>,
    history: HistoryServiceClient<Transport>,
    ledger: Ledger,
    timeout: Duration,
}

/// One image for one model.
#[derive(Debug, Default)]
pub struct Question {
    /// The name of the file; may be empty.
    pub filename: String,
    /// The encoded image.
    pub image: Bytes,
    /// The model; empty for the default one.
    pub model: String,
    /// The version; `None` for the newest.
    pub version: Option<u32>,
    /// Values by parameter name, as text.
    pub parameters: HashMap<String, String>,
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
    /// Whatever inference or history refuse with.
    pub async fn answer(
        &self,
        context: &RequestContext,
        question: Question,
    ) -> Result<history::Prediction, RpcError> {
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
            .await?
            .into_inner();
        let prediction = to_record(response, question.filename, context);
        self.record(context, prediction).await
    }

    async fn record(
        &self,
        context: &RequestContext,
        prediction: history::Prediction,
    ) -> Result<history::Prediction, RpcError> {
        let request = RecordPredictionRequest {
            prediction: Some(prediction.clone()),
            idempotency_key: String::new(),
        };
        let response = self
            .history
            .clone()
            .record_prediction(context.call(request, self.timeout))
            .await;
        match response.map_err(RpcError::from) {
            Ok(response) => response.into_inner().prediction.ok_or_else(|| {
                RpcError::from(tonic::Status::internal("history answered without a record"))
            }),
            Err(error) if self.ledger == Ledger::BestEffort && is_down(&error) => {
                tracing::warn!(%error, "a prediction is answered unrecorded: the ledger is best-effort");
                Ok(prediction)
            }
            Err(error) => Err(error),
        }
    }
}

fn is_down(error: &RpcError) -> bool {
    matches!(
        error.code,
        ErrorCode::Unavailable | ErrorCode::DeadlineExceeded
    )
}

fn to_record(
    response: PredictResponse,
    filename: String,
    context: &RequestContext,
) -> history::Prediction {
    history::Prediction {
        request_id: context.request_id.to_string(),
        filename,
        image_sha256: response.image_sha256,
        image_format: response.image_format,
        image_width: response.image_width,
        image_height: response.image_height,
        model: response.model,
        version: response.version,
        model_sha256: response.model_sha256,
        parameters: response.parameters,
        output: response.output,
        stage_times: response.stage_times,
        // History gives these.
        id: String::new(),
        create_time: None,
        caller: String::new(),
        image_id: String::new(),
        replay_of: String::new(),
        review: None,
    }
}
