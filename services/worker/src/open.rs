//! From configuration to a running worker.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use pupila_analysis::{Analyst, Ledger};
use pupila_core::{Clock, LeaseId};
use pupila_proto::{
    history::v1::history_service_client::HistoryServiceClient,
    inference::v1::inference_service_client::InferenceServiceClient,
};
use pupila_queue::{Queue, WorkerName};
use pupila_runtime::{
    cpu_pool::{CpuPool, CpuPoolConfig},
    identity::ServiceIdentity,
    readiness::Readiness,
    rpc::with_causes,
};

use crate::{
    NotifyError, Surroundings, Upstreams, Worker, WorkerConfig, budget::Budget,
    delegation::Delegation, images::Images, notify::Notifier, processor::Processor, runner::ByKind,
    unpack::Unpacker,
};

/// A prediction with thousands of labels, in bytes.
const MAX_PREDICTION: usize = 16 << 20;

/// A worker, and what tells whether it can work.
pub struct OpenWorker {
    /// Ready while the queue answers and accounts lets it in.
    pub readiness: Arc<dyn Readiness>,
    /// To be run as long as the process is.
    pub worker: Worker,
}

/// The worker that is configured: woken by `queue`, working with the services of `upstreams` as `identity` and for the owners of
/// jobs. None of them need be there yet.
///
/// # Errors
/// A configuration of messages to people that cannot be used.
pub async fn open(
    config: &WorkerConfig,
    clock: Arc<dyn Clock>,
    queue: Arc<dyn Queue>,
    upstreams: Upstreams,
    identity: ServiceIdentity,
) -> Result<OpenWorker, NotifyError> {
    let timeout = Duration::from_secs(config.call_timeout_seconds);
    let delegation = Delegation::new(upstreams.accounts.clone(), identity.clone(), clock.clone());
    let images = Images::new(
        upstreams.images.clone(),
        Budget::new(config.limits.max_buffered_bytes),
        config.limits.max_image_bytes,
        timeout,
    );
    let inference = InferenceServiceClient::new(upstreams.inference.clone())
        .max_decoding_message_size(MAX_PREDICTION);
    let history = HistoryServiceClient::new(upstreams.history.clone())
        .max_decoding_message_size(MAX_PREDICTION);
    let pool = CpuPool::new(&CpuPoolConfig {
        workers: config.cpu_workers,
        // As many as can come: none is refused.
        queue: config.concurrency,
    });
    let unpacker = Unpacker::new(
        config,
        &upstreams,
        delegation.clone(),
        images.clone(),
        identity.clone(),
    );
    let notifier = Notifier::new(
        &config.notify,
        &upstreams,
        identity.clone(),
        delegation.clone(),
        clock.clone(),
    )?;
    let processor = Processor {
        delegation,
        images,
        analyst: Analyst::new(inference, history, Ledger::Required, timeout),
        pool,
        limits: config.limits.image(),
    };
    let runner = ByKind::new(processor, unpacker, notifier, config.concurrency);
    let surroundings = Surroundings {
        queue: queue.clone(),
        history: upstreams.history,
        identity: identity.clone(),
        runner: Arc::new(runner),
    };
    let name = name(config, &*clock);
    tracing::info!(
        name = name.as_str(),
        concurrency = config.concurrency,
        "a worker"
    );
    Ok(OpenWorker {
        readiness: Arc::new(Employed { queue, identity }),
        worker: Worker::new(config, name, surroundings),
    })
}

/// What the worker is known by.
fn name(config: &WorkerConfig, clock: &dyn Clock) -> WorkerName {
    if !config.name.is_empty() {
        return WorkerName::new(&config.name);
    }
    let machine = rustix::system::uname();
    let machine: String = machine
        .nodename()
        .to_string_lossy()
        .chars()
        .take(64)
        .collect();
    // The random end of a UUID: two workers of one machine are two.
    let id = LeaseId::new(clock.now()).to_string();
    let id = id.rsplit('-').next().unwrap_or_default();
    WorkerName::new(format!("{machine}-{id}"))
}

struct Employed {
    queue: Arc<dyn Queue>,
    identity: ServiceIdentity,
}

#[async_trait]
impl Readiness for Employed {
    fn name(&self) -> &'static str {
        "worker"
    }

    async fn ready(&self) -> Result<(), String> {
        let answer = self.queue.ping().await;
        answer.map_err(|error| with_causes(&error))?;
        // Its own token is kept for minutes: accounts is hardly ever asked.
        let own = self.identity.request().await;
        own.map_err(|error| format!("accounts does not let it in: {error}"))?;
        Ok(())
    }
}
