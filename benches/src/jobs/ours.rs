//! Ours: accounts, history and a worker, each a process, as operators run them.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use pupila_proto::{
    accounts::v1::{SignInLocallyRequest, auth_service_client::AuthServiceClient},
    history::v1::{
        CreateJobRequest, JobState, ListJobsRequest, NewItem, OperationStep, Step,
        job_service_client::JobServiceClient, step::Kind,
    },
};
use tempfile::TempDir;
use tonic::{Request, metadata::AsciiMetadataValue, transport::Channel};

use super::{
    Round,
    program::Program,
    servers::{Servers, free_port},
};
use crate::Failure;

/// Jobs that are asked for at once, and that the worker has at once.
const IN_FLIGHT: usize = 256;
/// By what it is known that the programs have started.
const FIRST: Round = Round {
    tasks: 1,
    together: 1,
};
const POLL: Duration = Duration::from_millis(5);
/// By what accounts knows the worker.
const SECRET: &str = "a secret that lasts as long as a benchmark";
/// How long the programs may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The programs at work.
pub(crate) struct Ours {
    accounts: AuthServiceClient<Channel>,
    jobs: JobServiceClient<Channel>,
    _programs: [Program; 3],
    _folder: TempDir,
}

impl Ours {
    /// Starts them.
    pub(crate) async fn start(servers: &Servers) -> Result<Self, Failure> {
        let folder = TempDir::new()?;
        let [accounts, history, ..] = [free_port()?, free_port()?];
        let address = |port| format!("127.0.0.1:{port}");
        let url = |port| format!("http://{}", address(port));
        let redis = format!("redis://127.0.0.1:{}/0", servers.redis_port);
        let database = format!("sqlite://{}", folder.path().join("accounts.db").display());
        let nowhere = address(0);
        let start =
            |name: &str, settings: &[(&str, String)]| Program::start(name, folder.path(), settings);
        let programs = [
            start(
                "pupila-accounts",
                &[
                    ("server.listen", address(accounts)),
                    ("server.admin_listen", nowhere.clone()),
                    ("accounts.database.url", database),
                    ("accounts.local_user", "true".to_owned()),
                    ("accounts.services.worker.value", SECRET.to_owned()),
                ],
            )?,
            start(
                "pupila-history",
                &[
                    ("server.listen", address(history)),
                    ("server.admin_listen", nowhere),
                    ("identity.accounts", url(accounts)),
                    ("history.database.url", servers.history_url.clone()),
                    ("queue.url", redis.clone()),
                ],
            )?,
            start(
                "pupila-bench-noop-worker",
                &[
                    ("identity.accounts", url(accounts)),
                    ("identity.secret.value", SECRET.to_owned()),
                    ("upstream.history", url(history)),
                    ("queue.url", redis),
                    ("worker.concurrency", IN_FLIGHT.to_string()),
                ],
            )?,
        ];
        let channel = |port| Channel::from_shared(url(port)).map(|channel| channel.connect_lazy());
        let ours = Self {
            accounts: AuthServiceClient::new(channel(accounts)?),
            jobs: JobServiceClient::new(channel(history)?),
            _programs: programs,
            _folder: folder,
        };
        let started = Instant::now();
        while let Err(error) = ours.round(FIRST).await {
            if started.elapsed() > PATIENCE {
                return Err(error);
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(ours)
    }

    /// Has a round done. Answers how long it took until the last end was recorded.
    pub(crate) async fn round(&self, round: Round) -> Result<Duration, Failure> {
        let request = SignInLocallyRequest {};
        let answer = self.accounts.clone().sign_in_locally(request).await?;
        let token = answer.into_inner().access.unwrap_or_default().token;
        let token: AsciiMetadataValue = format!("Bearer {token}").parse()?;
        let start = Instant::now();
        let Round { tasks, together } = round;
        stream::iter(0..tasks / together)
            .map(|_| self.create(together, &token))
            .buffer_unordered(IN_FLIGHT.div_ceil(together))
            .try_collect::<()>()
            .await?;
        for state in [JobState::Queued, JobState::Running] {
            while self.has_any(state, &token).await? {
                tokio::time::sleep(POLL).await;
            }
        }
        Ok(start.elapsed())
    }

    /// Asks for a job of so many images, about which nobody is told.
    async fn create(&self, images: usize, token: &AsciiMetadataValue) -> Result<(), Failure> {
        let step = OperationStep {
            name: "grayscale".to_owned(),
            ..OperationStep::default()
        };
        let item = NewItem {
            filename: "image.png".to_owned(),
            image_id: "019ab000-0000-7000-8000-000000000000".to_owned(),
            failure: None,
        };
        let request = CreateJobRequest {
            steps: vec![Step {
                kind: Some(Kind::Operation(step)),
            }],
            items: vec![item; images],
            silent: true,
            ..CreateJobRequest::default()
        };
        self.jobs.clone().create_job(signed(request, token)).await?;
        Ok(())
    }

    async fn has_any(&self, state: JobState, token: &AsciiMetadataValue) -> Result<bool, Failure> {
        let request = ListJobsRequest {
            state: Some(state.into()),
            page_size: 1,
            page_token: String::new(),
        };
        let answer = self.jobs.clone().list_jobs(signed(request, token)).await?;
        Ok(!answer.into_inner().jobs.is_empty())
    }
}

fn signed<T>(message: T, token: &AsciiMetadataValue) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("authorization", token.clone());
    request
}
