//! What a worker asks of inference, and of history about predictions.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use pupila_core::{Digest, ErrorCode};
use pupila_proto::{
    history::v1::{
        FindPredictionRequest, FindPredictionResponse, Prediction, RecordPredictionRequest,
        RecordPredictionResponse,
    },
    inference::v1::{Classification, Output, PredictRequest, PredictResponse, output},
};
use pupila_runtime::{
    grpc::RpcServices,
    identity,
    rpc::into_status,
    transport::{self, Transport},
};
use tonic::{Request, Response, Status};

use crate::{
    gate::Gate,
    keys::Keys,
    service::{Refusal, service},
};

/// A model that answers always the same, and the record of it.
#[derive(Clone, Default)]
pub(crate) struct Predictions {
    state: Arc<Mutex<State>>,
    /// Where a model has begun.
    pub(crate) begun: Gate,
}

#[derive(Default)]
pub(crate) struct State {
    /// What inference answers.
    pub(crate) refusal: Option<Refusal>,
    /// What was asked of the model.
    pub(crate) asked: Vec<PredictRequest>,
    /// Records by key.
    pub(crate) records: HashMap<String, Prediction>,
}

impl Predictions {
    /// inference.
    pub(crate) fn transport(&self, keys: &Keys) -> Transport {
        transport::in_process(self.services(), keys.guard())
    }

    /// The same for others to serve.
    pub(crate) fn services(&self) -> RpcServices {
        RpcServices::default().with(Inference(self.clone()))
    }

    /// history's service for predictions, beside others.
    pub(crate) fn beside(&self, services: RpcServices) -> RpcServices {
        services.with(Records(self.clone()))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    async fn predict(
        self,
        request: Request<PredictRequest>,
    ) -> Result<Response<PredictResponse>, Status> {
        identity::user(request.extensions())?;
        let request = request.into_inner();
        self.begun.pass().await;
        let mut state = self.state();
        if let Some(refusal) = state.refusal {
            return Err(into_status(refusal));
        }
        state.asked.push(request.clone());
        let answer = Classification {
            label: "PNEUMONIA".to_owned(),
            score: 0.9,
            ..Classification::default()
        };
        Ok(Response::new(PredictResponse {
            model: request.model,
            version: request.version.unwrap_or_default(),
            image_sha256: Digest::of(&request.image).to_string(),
            output: Some(Output {
                kind: Some(output::Kind::Classification(answer)),
            }),
            ..PredictResponse::default()
        }))
    }

    async fn find(
        self,
        request: Request<FindPredictionRequest>,
    ) -> Result<Response<FindPredictionResponse>, Status> {
        let key = request.into_inner().idempotency_key;
        let found = self.state().records.get(&key).cloned();
        let refusal = Refusal(ErrorCode::NotFound, "PREDICTION_NOT_FOUND");
        let prediction = found.ok_or_else(|| into_status(refusal))?;
        Ok(Response::new(FindPredictionResponse {
            prediction: Some(prediction),
        }))
    }

    async fn record(
        self,
        request: Request<RecordPredictionRequest>,
    ) -> Result<Response<RecordPredictionResponse>, Status> {
        let caller = identity::user(request.extensions())?.id.to_string();
        let request = request.into_inner();
        let mut state = self.state();
        let prediction = Prediction {
            id: format!("prediction-{}", state.records.len()),
            caller,
            ..request.prediction.expect("something to record")
        };
        let before = state
            .records
            .insert(request.idempotency_key, prediction.clone());
        assert!(before.is_none(), "it would have been found");
        Ok(Response::new(RecordPredictionResponse {
            prediction: Some(prediction),
        }))
    }
}

service!(
    Inference(Predictions),
    "pupila.inference.v1.InferenceService",
    "Predict" => unary predict,
);
service!(
    Records(Predictions),
    "pupila.history.v1.HistoryService",
    "FindPrediction" => unary find,
    "RecordPrediction" => unary record,
);
