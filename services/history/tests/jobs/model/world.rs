//! History, and what its workers and owners know.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt as _;
use pupila_core::TaskId;
use pupila_proto::history::v1::{self as proto, JobState, finished_task::Outcome, task::Work};
use pupila_queue::{QueueConfig, WorkerName};

use super::act::{Act, Ending};
use crate::fixtures::{TestJobs, done, failed, given_back, items, job_of, leased, refused};

pub(super) struct World {
    test: TestJobs,
    jobs: Vec<String>,
    /// What was taken, by whom; leases may have been lost since.
    taken: Vec<(u8, proto::Task)>,
    /// The lease that each task was taken under last, unless it was told since how it went: no other is good.
    leases: BTreeMap<String, String>,
    /// Items whose success was written down.
    succeeded: BTreeSet<String>,
}

impl World {
    pub(super) async fn new() -> Self {
        Self {
            test: TestJobs::sqlite().await,
            jobs: Vec::new(),
            taken: Vec::new(),
            leases: BTreeMap::new(),
            succeeded: BTreeSet::new(),
        }
    }

    pub(super) async fn act(&mut self, act: Act) {
        match act {
            Act::Create { images, refused } => self.create(images, refused).await,
            Act::CreateFromZip => {
                let archive = uuid::Uuid::from_u128(5).to_string();
                self.ask(proto::CreateJobRequest {
                    archive_id: archive,
                    ..job_of(0)
                })
                .await;
            }
            Act::Take { worker, count } => self.take(worker, count.into()).await,
            Act::Beat { worker } => self.beat(worker).await,
            Act::Die { worker } => self.taken.retain(|(by, _)| *by != worker),
            Act::Finish { which, how } => self.finish(which, how).await,
            Act::Unpack { which, images } => self.unpack(which, images).await,
            Act::Cancel { job } => {
                if let Some(job) = self.pick(job) {
                    // It may have ended.
                    let _ = self.test.cancel(&job).await;
                }
            }
            Act::Retry { job } => {
                if let Some(job) = self.pick(job) {
                    // It may go on.
                    let _ = self.test.retry(&job).await;
                }
            }
            Act::Wait { seconds } => self.test.pass(seconds.into()),
            Act::Sweep => self.test.sweep().await,
            Act::LoseLeases => {
                self.test.pass(31);
                self.test.sweep().await;
            }
            Act::LoseTickets { count } => drop(self.tickets(count.into()).await),
            Act::Restart => self.test = self.test.replica(&QueueConfig::default()).await,
            Act::RestartAll => {
                self.test = self.test.replica(&QueueConfig::default()).await;
                self.test.reclaim_all().await;
            }
        }
    }

    /// What is written down agrees with itself, and with what workers were answered.
    pub(super) async fn check(&self) {
        let mut backlog = 0;
        for id in &self.jobs {
            let job = self.test.job(id).await;
            let items = self.test.items(id).await;
            let mut states: BTreeMap<i32, u64> = BTreeMap::new();
            for item in &items {
                *states.entry(item.state).or_default() += 1;
                let succeeded = item.state() == JobState::Succeeded;
                assert_eq!(succeeded, self.succeeded.contains(&item.id), "{item:?}");
                assert_eq!(item.results.len(), usize::from(succeeded), "{item:?}");
            }
            let of = |state: JobState| states.get(&state.into()).copied().unwrap_or_default();
            let counts = job.counts.expect("counts");
            assert_eq!(counts.queued, of(JobState::Queued), "{job:?}");
            assert_eq!(counts.running, of(JobState::Running), "{job:?}");
            assert_eq!(counts.succeeded, of(JobState::Succeeded), "{job:?}");
            assert_eq!(counts.failed, of(JobState::Failed), "{job:?}");
            assert_eq!(counts.cancelled, of(JobState::Cancelled), "{job:?}");
            let open = job.unpacking || counts.queued + counts.running > 0;
            let ended = !matches!(job.state(), JobState::Queued | JobState::Running);
            assert_eq!(ended, !open, "{job:?}");
            assert_eq!(ended, job.end_time.is_some(), "{job:?}");
            backlog += match counts.total {
                0 if job.unpacking => 1_000,
                total if job.unpacking => {
                    total - counts.succeeded - counts.failed - counts.cancelled
                }
                _ => counts.queued + counts.running,
            };
            let zip = !job.archive_id.is_empty();
            let may_lack = zip && (job.state() == JobState::Cancelled || job.failure.is_some());
            if ended && may_lack {
                assert!(counts.total >= items.len() as u64, "{job:?}");
            } else if ended {
                assert_eq!(counts.total, items.len() as u64, "{job:?}");
            }
        }
        let known = self.test.backlog().await;
        assert!(known >= backlog, "{backlog} are open, {known} known");
    }

    /// Every worker is forgotten; what is offered is done by good ones.
    pub(super) async fn work_until_all_is_done(&mut self) {
        self.taken.clear();
        for _ in 0..20 {
            self.test.pass(301);
            self.test.sweep().await;
            self.take(9, usize::MAX).await;
            while !self.taken.is_empty() {
                self.finish(0, Ending::Done).await;
            }
        }
        self.check().await;
        let depth = self.test.queue.depth().await.expect("a queue in memory");
        assert_eq!(
            depth.interactive + depth.batch + depth.delayed,
            0,
            "{depth:?}"
        );
        for id in &self.jobs {
            let job = self.test.job(id).await;
            assert!(job.end_time.is_some(), "stuck: {job:?}");
        }
    }

    async fn create(&mut self, images: u8, refusals: u8) {
        let mut request = job_of(images.into());
        request.items.extend((0..refusals).map(|_| refused()));
        if !request.items.is_empty() {
            self.ask(request).await;
        }
    }

    async fn ask(&mut self, request: proto::CreateJobRequest) {
        let job = self.test.create(request).await.expect("created");
        self.jobs.push(job.id);
    }

    fn pick(&self, n: u8) -> Option<String> {
        let count = self.jobs.len();
        (count > 0).then(|| self.jobs[usize::from(n) % count].clone())
    }

    /// Up to so many of the tasks that are offered now.
    async fn tickets(&self, at_most: usize) -> Vec<TaskId> {
        self.test.house.sweeper.settled().await;
        let worker = WorkerName::new("listener");
        let mut tickets = Vec::new();
        while tickets.len() < at_most
            && let Some(some) = self.test.queue.take(&worker, 1).now_or_never()
        {
            let some = some.expect("a queue in memory");
            self.test.queue.settle(&some).await.expect("settled");
            tickets.extend(some.into_iter().map(|delivery| delivery.ticket.task));
        }
        tickets
    }

    async fn take(&mut self, worker: u8, count: usize) {
        let tickets = self.tickets(count).await;
        for task in self.test.take(&format!("w-{worker}"), &tickets).await {
            self.leases.insert(task.id.clone(), task.lease.clone());
            self.taken.push((worker, task));
        }
    }

    async fn beat(&mut self, worker: u8) {
        let of = self.taken.iter().filter(|(by, _)| *by == worker);
        let held: Vec<_> = of.map(|(_, task)| leased(task)).collect();
        self.test.renew(&format!("w-{worker}"), &held).await;
    }

    async fn finish(&mut self, which: u8, how: Ending) {
        if self.taken.is_empty() {
            return;
        }
        let (_, task) = self.taken.remove(usize::from(which) % self.taken.len());
        let mut told = match how {
            Ending::Done => done(&task),
            Ending::MayPass => failed(&task, true),
            Ending::Final => failed(&task, false),
            Ending::GivenBack => given_back(&task, None),
        };
        if let (Some(Work::NotifyOwner(_)), Some(Outcome::Done(done))) =
            (&task.work, &mut told.outcome)
        {
            done.routes = vec!["mail".to_owned()];
        }
        let lost = self.test.finish(vec![told]).await;
        if !lost.is_empty() {
            return;
        }
        assert_eq!(
            self.leases.remove(&task.id),
            Some(task.lease),
            "its lease was void"
        );
        if matches!(task.work, Some(Work::ProcessImage(_))) && how == Ending::Done {
            assert!(self.succeeded.insert(task.id), "it ended twice");
        }
    }

    async fn unpack(&mut self, which: u8, images: u8) {
        let unpacks = self.taken.iter().filter_map(|(_, task)| match &task.work {
            Some(Work::UnpackArchive(_)) => Some(task),
            _ => None,
        });
        let unpacks: Vec<_> = unpacks.collect();
        let Some(task) = unpacks.get(usize::from(which) % unpacks.len().max(1)) else {
            return;
        };
        let known = self.test.items(&task.job_id).await.len();
        let first_position = u32::try_from(known).expect("few");
        let request = proto::AddItemsRequest {
            task: Some(leased(task)),
            first_position,
            items: items(images.into()),
            // Of some that is all, of others not.
            total: first_position + u32::from(images) + u32::from(which % 2),
        };
        // The lease may be lost.
        let _ = self.test.add_items(request).await;
    }
}
