//! History on a fresh database, behind tonic, and what to send to it.

use std::{sync::Arc, time::Duration};

use pupila_core::{ManualClock, Principal, RequestId, UserId};
use pupila_db::TestDatabase;
use pupila_history::{HistoryConfig, HistoryDatabase, open};
use pupila_proto::{
    history::v1::{self as proto, history_service_client::HistoryServiceClient},
    inference::v1 as inference,
};
use pupila_runtime::{
    context::RequestContext,
    rpc::RpcError,
    transport::{self, Transport},
};
use tonic::Request;

const TIMEOUT: Duration = Duration::from_secs(10);
const NOON: &str = "2026-11-23T12:00:00.123456Z";

pub(crate) struct TestHistory {
    pub(crate) client: HistoryServiceClient<Transport>,
    pub(crate) readiness: Arc<HistoryDatabase>,
    _database: TestDatabase,
}

impl TestHistory {
    pub(crate) async fn start() -> Self {
        let database = TestDatabase::sqlite().await;
        let config = HistoryConfig {
            database: database.config.clone(),
        };
        let clock = Arc::new(ManualClock::at(NOON.parse().expect("a time")));
        let history = open(&config, clock).await.expect("opened");
        Self {
            client: HistoryServiceClient::new(transport::in_process(history.server)),
            readiness: history.readiness,
            _database: database,
        }
    }

    pub(crate) async fn record(
        &self,
        prediction: proto::Prediction,
    ) -> Result<proto::Prediction, RpcError> {
        let message = proto::RecordPredictionRequest {
            prediction: Some(prediction),
        };
        let reply = self.client.clone().record_prediction(ana(message)).await?;
        Ok(reply.into_inner().prediction.expect("a prediction"))
    }

    pub(crate) async fn get(
        &self,
        call: Request<proto::GetPredictionRequest>,
    ) -> Result<proto::Prediction, RpcError> {
        let reply = self.client.clone().get_prediction(call).await?;
        Ok(reply.into_inner().prediction.expect("a prediction"))
    }

    pub(crate) async fn list(
        &self,
        message: proto::ListPredictionsRequest,
    ) -> Result<proto::ListPredictionsResponse, RpcError> {
        let reply = self.client.clone().list_predictions(ana(message)).await?;
        Ok(reply.into_inner())
    }
}

pub(crate) fn call<T>(user: UserId, message: T) -> Request<T> {
    let context = RequestContext {
        request_id: RequestId::accept("req-1").expect("plain"),
        principal: Principal { user },
    };
    context.call(message, TIMEOUT)
}

pub(crate) fn ana<T>(message: T) -> Request<T> {
    call(Principal::LOCAL.user, message)
}

pub(crate) fn get(id: &str) -> proto::GetPredictionRequest {
    proto::GetPredictionRequest { id: id.to_owned() }
}

pub(crate) fn prediction() -> proto::Prediction {
    let classification = inference::Classification {
        label: "PNEUMONIA".to_owned(),
        score: 0.9,
        scores: vec![inference::LabelScore {
            label: "PNEUMONIA".to_owned(),
            score: 0.9,
        }],
        positive_score: Some(0.9),
    };
    proto::Prediction {
        request_id: "req-1".to_owned(),
        filename: "tórax.png".to_owned(),
        image_sha256: "ab".repeat(32),
        image_format: "png".to_owned(),
        image_width: 640,
        image_height: 480,
        model: "pneumonia".to_owned(),
        version: 1,
        model_sha256: "cd".repeat(32),
        parameters: [("threshold".to_owned(), 0.5)].into(),
        output: Some(inference::Output {
            kind: Some(inference::output::Kind::Classification(classification)),
        }),
        stage_times: Some(inference::StageTimes {
            infer_us: 500,
            ..Default::default()
        }),
        ..Default::default()
    }
}
