//! Predictions without a server: inference and history in this process, asked by the local user.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use pupila_analysis::Analyst;
use pupila_core::{Caller, Clock, Role, Scope, Scopes, SystemClock, User, UserId};
use pupila_history::HistoryDatabase;
use pupila_proto::{
    history::v1::history_service_client::HistoryServiceClient,
    inference::v1::inference_service_client::InferenceServiceClient,
};
use pupila_queue::QueueConfig;
use pupila_runtime::{
    identity::{Claims, Credential, Guard, SigningKey, Verifier},
    process::StartError,
    transport::in_process,
};

use crate::config::Config;

/// Longest that one file may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Longer than any run.
const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a command needs to ask models and to record their answers.
pub(super) struct Local {
    pub(super) analyst: Analyst,
    /// The local user's token. Whoever can read the data folder is the local user, so the command signs it itself,
    /// with a key that only its own services trust and that is gone with it.
    pub(super) credential: Credential,
    history: Arc<HistoryDatabase>,
}

impl Local {
    pub(super) async fn start(config: &Config) -> Result<Self, StartError> {
        let clock = Arc::new(SystemClock);
        let key = SigningKey::from_pkcs8("command", &SigningKey::generate()?)?;
        let verifier = Verifier::new(vec![key.verification_key()], clock.clone());
        let guard = Guard::new(verifier);
        let inference = pupila_inference::open(&config.inference).await?;
        // Nobody asks this history for jobs.
        let queue = pupila_queue::open(&QueueConfig::default(), clock.clone()).await?;
        let history = pupila_history::open(&config.history, clock.clone(), queue).await?;
        let inference = in_process(inference.into_services(), guard.clone());
        let analyst = Analyst::new(
            InferenceServiceClient::new(inference),
            HistoryServiceClient::new(in_process(history.services, guard)),
            config.gateway.ledger,
            TIMEOUT,
        );
        let now = clock.now();
        let claims = Claims::new(&local_user(), now, now + LIFETIME);
        let token = claims.map(|claims| key.sign(&claims)).transpose()?;
        Ok(Self {
            analyst,
            credential: Credential::bearer(&token.unwrap_or_default()),
            history: history.readiness,
        })
    }

    /// Closes the database after the last statement.
    pub(super) async fn stop(self) {
        self.history.close().await;
    }
}

fn local_user() -> Caller {
    Caller::User(User {
        id: UserId::LOCAL,
        role: Role::User,
        scopes: Scopes::from_iter([Scope::PredictionsRead, Scope::PredictionsWrite]),
        session: None,
    })
}
