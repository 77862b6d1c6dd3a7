//! A worker as it is, but that there is nothing to do about a task: what is measured is all around the work.

use std::{process::ExitCode, sync::Arc};

use pupila_core::SystemClock;
use pupila_proto::history::v1::Task;
use pupila_queue::{QueueConfig, WorkerName};
use pupila_runtime::{
    identity::ServiceIdentity,
    process::{self, Process, StartError},
    transport,
};
use pupila_worker::{
    Outcome, Service, Surroundings, TaskRunner, TimeLimit, UpstreamConfig, Worker, WorkerConfig,
};

pupila_runtime::service_config!(worker: WorkerConfig, queue: QueueConfig, upstream: UpstreamConfig);

fn main() -> ExitCode {
    process::main("pupila-bench-noop-worker", &[], serve)
}

async fn serve(config: Config, process: Process) -> Result<(), StartError> {
    let clock = Arc::new(SystemClock);
    let accounts = transport::remote(&config.identity.accounts)?;
    let secret = config
        .identity
        .secret
        .read()?
        .ok_or("identity.secret: must be set")?;
    let surroundings = Surroundings {
        queue: pupila_queue::open(&config.queue, clock.clone()).await?,
        history: transport::remote(&config.upstream.history)?,
        identity: ServiceIdentity::new("worker", secret, accounts, clock),
        runner: Arc::new(Nothing),
    };
    let name = WorkerName::new("noop");
    Worker::new(&config.worker, name, surroundings)
        .run(process.stop)
        .await;
    Ok(())
}

struct Nothing;

#[tonic::async_trait]
impl TaskRunner for Nothing {
    fn needs(&self, _: &Task) -> &'static [Service] {
        &[]
    }

    async fn run(&self, _: &Task, _: &TimeLimit) -> Outcome {
        Outcome::done()
    }
}
