//! History on a fresh database, behind tonic, and what to send to it.

use std::{sync::Arc, time::Duration};

use pupila_core::{Caller, Clock as _, ManualClock, RequestId, Role, Scope, User, UserId};
use pupila_db::TestDatabase;
use pupila_history::{HistoryConfig, HistoryDatabase, open};
use pupila_proto::{
    history::v1::{self as proto, history_service_client::HistoryServiceClient},
    inference::v1 as inference,
};
use pupila_queue::QueueConfig;
use pupila_runtime::{
    context::RequestContext,
    identity::{Claims, Credential, Guard, SigningKey, Verifier},
    rpc::RpcError,
    transport::{self, Transport},
};
use tonic::Request;
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(10);
const NOON: &str = "2026-11-23T12:00:00.123456Z";

/// Whose predictions these are.
pub(crate) const ANA: UserId = UserId::from_uuid(Uuid::from_u128(1));
/// Somebody else.
pub(crate) const LUIS: UserId = UserId::from_uuid(Uuid::from_u128(2));

pub(crate) struct TestHistory {
    pub(crate) client: HistoryServiceClient<Transport>,
    pub(crate) readiness: Arc<HistoryDatabase>,
    pub(crate) clock: Arc<ManualClock>,
    key: SigningKey,
    _database: TestDatabase,
}

impl TestHistory {
    pub(crate) async fn start() -> Self {
        let database = TestDatabase::sqlite().await;
        let config = HistoryConfig {
            database: database.config.clone(),
            ..HistoryConfig::default()
        };
        let clock = Arc::new(ManualClock::at(NOON.parse().expect("a time")));
        let document = SigningKey::generate().expect("randomness");
        let key = SigningKey::from_pkcs8("1", &document).expect("a key");
        let guard = Guard::new(Verifier::new(vec![key.verification_key()], clock.clone()));
        let queue = pupila_queue::open(&QueueConfig::default(), clock.clone()).await;
        let queue = queue.expect("a queue in memory");
        let history = open(&config, clock.clone(), queue).await.expect("opened");
        Self {
            client: HistoryServiceClient::new(transport::in_process(history.services, guard)),
            readiness: history.readiness,
            clock,
            key,
            _database: database,
        }
    }

    /// A call with the token of `caller`.
    pub(crate) fn call<T>(&self, caller: &Caller, message: T) -> Request<T> {
        let now = self.clock.now();
        let claims = Claims::new(caller, now, now + Duration::from_secs(60));
        let token = claims.map(|claims| self.key.sign(&claims).expect("a token"));
        let context = RequestContext {
            request_id: RequestId::accept("req-1").expect("plain"),
            credential: token.map_or(Credential::NONE, |token| Credential::bearer(&token)),
            address: None,
        };
        context.call(message, TIMEOUT)
    }

    /// A call of Ana's.
    pub(crate) fn ana<T>(&self, message: T) -> Request<T> {
        self.call(&user(ANA), message)
    }

    /// Records a prediction of Ana's.
    pub(crate) async fn record(
        &self,
        prediction: proto::Prediction,
    ) -> Result<proto::Prediction, RpcError> {
        self.record_once(prediction, "").await
    }

    /// Records a prediction of Ana's, which the key names.
    pub(crate) async fn record_once(
        &self,
        prediction: proto::Prediction,
        key: &str,
    ) -> Result<proto::Prediction, RpcError> {
        let message = proto::RecordPredictionRequest {
            prediction: Some(prediction),
            idempotency_key: key.to_owned(),
        };
        let call = self.ana(message);
        let reply = self.client.clone().record_prediction(call).await?;
        Ok(reply.into_inner().prediction.expect("a prediction"))
    }

    pub(crate) async fn get(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<proto::Prediction, RpcError> {
        let call = self.call(caller, proto::GetPredictionRequest { id: id.to_owned() });
        let reply = self.client.clone().get_prediction(call).await?;
        Ok(reply.into_inner().prediction.expect("a prediction"))
    }

    pub(crate) async fn find(
        &self,
        caller: &Caller,
        key: &str,
    ) -> Result<proto::Prediction, RpcError> {
        let idempotency_key = key.to_owned();
        let call = self.call(caller, proto::FindPredictionRequest { idempotency_key });
        let reply = self.client.clone().find_prediction(call).await?;
        Ok(reply.into_inner().prediction.expect("a prediction"))
    }

    pub(crate) async fn review(
        &self,
        caller: &Caller,
        message: proto::ReviewPredictionRequest,
    ) -> Result<proto::Prediction, RpcError> {
        let call = self.call(caller, message);
        let reply = self.client.clone().review_prediction(call).await?;
        Ok(reply.into_inner().prediction.expect("a prediction"))
    }

    /// Ana's images with a label.
    pub(crate) async fn images(
        &self,
        message: proto::ListLabelledImagesRequest,
    ) -> Result<proto::ListLabelledImagesResponse, RpcError> {
        let call = self.ana(message);
        let reply = self.client.clone().list_labelled_images(call).await?;
        Ok(reply.into_inner())
    }

    pub(crate) async fn erase(&self, caller: &Caller, user_id: &str) -> Result<(), RpcError> {
        let user_id = user_id.to_owned();
        let call = self.call(caller, proto::EraseUserRequest { user_id });
        self.client.clone().erase_user(call).await?;
        Ok(())
    }

    pub(crate) async fn list(
        &self,
        message: proto::ListPredictionsRequest,
    ) -> Result<proto::ListPredictionsResponse, RpcError> {
        let call = self.ana(message);
        let reply = self.client.clone().list_predictions(call).await?;
        Ok(reply.into_inner())
    }
}

/// A service of ours.
pub(crate) fn service(name: &str) -> Caller {
    Caller::Service(name.to_owned())
}

/// A user who may do all that users may.
pub(crate) fn user(id: UserId) -> Caller {
    user_with(id, &Scope::ALL)
}

/// A user whose token has these scopes.
pub(crate) fn user_with(id: UserId, scopes: &[Scope]) -> Caller {
    Caller::User(User {
        id,
        role: Role::User,
        scopes: scopes.iter().copied().collect(),
        session: None,
    })
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

/// Ana's word that the model was wrong.
pub(crate) fn disagreement(id: &str, label: &str) -> proto::ReviewPredictionRequest {
    proto::ReviewPredictionRequest {
        id: id.to_owned(),
        verdict: proto::Verdict::Disagree.into(),
        label: label.to_owned(),
        comment: "seen by two".to_owned(),
    }
}
