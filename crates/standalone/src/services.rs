//! The services inside this process.

use std::sync::Arc;

use pupila_accounts::AccountsDatabase;
use pupila_core::Clock;
use pupila_gateway::Upstreams;
use pupila_history::HistoryDatabase;
use pupila_images::ImagesStores;
use pupila_runtime::{
    identity::{Guard, ServiceIdentity, Verifier},
    process::StartError,
    readiness::Parts,
    transport::in_process,
};
use secrecy::SecretString;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::Config;

/// The services that call others for themselves, as accounts knows them.
const IMAGES: &str = "images";
const WORKER: &str = "worker";

/// Every service of this process, loaded and ready.
pub(crate) struct Services {
    pub(crate) upstreams: Upstreams,
    pub(crate) parts: Parts,
    background: TaskTracker,
    accounts: Arc<AccountsDatabase>,
    history: Arc<HistoryDatabase>,
    images: Arc<ImagesStores>,
}

impl Services {
    /// Opens databases and files and loads the models. What goes on in the background ends with `stop`. A process
    /// that is `alone` with the jobs takes them back from whoever held them before.
    pub(crate) async fn start(
        mut config: Config,
        alone: bool,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> Result<Self, StartError> {
        // The services of this process know each other by a secret that nobody else ever sees.
        let secret = random_secret()?;
        let known = &mut config.accounts.services;
        for name in [IMAGES, WORKER] {
            known.insert(name.to_owned(), secret.clone().into());
        }

        let accounts = pupila_accounts::open(&config.accounts, clock.clone()).await?;
        let guard = Guard::new(Verifier::new(accounts.keys, clock.clone()));
        let to_accounts = in_process(accounts.services, guard.clone());
        let identity =
            |name| ServiceIdentity::new(name, secret.clone(), to_accounts.clone(), clock.clone());
        let queue = pupila_queue::open(&config.queue, clock.clone()).await?;
        let inference = async {
            let service = pupila_inference::open(&config.inference).await;
            service.map_err(StartError::from)
        };
        let history = async {
            let service = pupila_history::open(&config.history, clock.clone(), queue.clone()).await;
            service.map_err(StartError::from)
        };
        let images = async {
            let accounts = to_accounts.clone();
            let service =
                pupila_images::open(&config.images, clock.clone(), accounts, identity(IMAGES))
                    .await;
            service.map_err(StartError::from)
        };
        let (inference, history, images) = futures_util::try_join!(inference, history, images)?;
        if alone {
            // Whoever held a task is dead.
            history.housekeeping.sweeper.reclaim_all().await?;
        }
        let registry = Arc::clone(inference.registry());
        let upstreams = Upstreams {
            accounts: to_accounts.clone(),
            images: in_process(images.services, guard.clone()),
            inference: in_process(inference.into_services(), guard.clone()),
            history: in_process(history.services, guard),
        };
        let upstreams_of_worker = pupila_worker::Upstreams {
            accounts: to_accounts.clone(),
            images: upstreams.images.clone(),
            inference: upstreams.inference.clone(),
            history: upstreams.history.clone(),
        };
        let worker = pupila_worker::open(
            &config.worker,
            clock.clone(),
            queue,
            upstreams_of_worker,
            identity(WORKER),
        )
        .await?;
        let parts = Parts::new(vec![
            Arc::clone(&accounts.readiness) as _,
            registry,
            Arc::clone(&history.readiness) as _,
            Arc::clone(&images.readiness) as _,
            worker.readiness,
        ]);
        let background = TaskTracker::new();
        let (to_images, to_history) = (upstreams.images.clone(), upstreams.history.clone());
        background.spawn(accounts.housekeeping.run(stop.clone()));
        background.spawn(accounts.erasure.run(to_images, to_history, stop.clone()));
        background.spawn(images.housekeeping.run(stop.clone()));
        background.spawn(history.housekeeping.run(stop.clone()));
        background.spawn(worker.worker.run(stop));
        background.close();
        Ok(Self {
            upstreams,
            parts,
            background,
            accounts: accounts.readiness,
            history: history.readiness,
            images: images.readiness,
        })
    }

    /// Closes the databases after the last statement.
    pub(crate) async fn stop(self) {
        self.background.wait().await;
        self.accounts.close().await;
        self.history.close().await;
        self.images.close().await;
    }
}

fn random_secret() -> Result<SecretString, StartError> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| "the system has no randomness")?;
    Ok(hex::encode(bytes).into())
}
