//! History in two processes, and what its workers and owners know.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt as _;
use prost_types::Timestamp;
use pupila_core::{TaskId, UserId};
use pupila_proto::history::v1 as proto;
use pupila_queue::{QueueConfig, WorkerName};
use uuid::Uuid;

use super::{
    act::{Act, Deed, Ending},
    books::{Books, Entry},
    call::{Call, Reply},
};
use crate::fixtures::TestJobs;

pub(super) struct World {
    /// Both at one database and one queue.
    pub(super) processes: [TestJobs; 2],
    queue: QueueConfig,
    pub(super) books: Books,
    /// Tasks that were offered, the last one last.
    pub(super) offered: Vec<TaskId>,
    /// What was taken, by whom; leases may have been lost since.
    pub(super) taken: Vec<(u8, proto::Task)>,
    /// The lease that each task was taken under last, unless it was told since how it went: no other is good.
    leases: BTreeMap<String, String>,
    /// Items whose success was written down.
    pub(super) succeeded: BTreeSet<String>,
    /// The end of each job that somebody was to tell of last.
    pub(super) told: BTreeMap<String, Option<Timestamp>>,
}

impl World {
    pub(super) const OWNERS: [UserId; 3] = [
        UserId::from_uuid(Uuid::from_u128(1)),
        UserId::from_uuid(Uuid::from_u128(2)),
        UserId::from_uuid(Uuid::from_u128(3)),
    ];

    /// One in which so much of an owner's may be open.
    pub(super) async fn new(share: u16) -> Self {
        let queue = QueueConfig {
            max_waiting_per_owner: Some(share.into()),
            ..QueueConfig::default()
        };
        let test = TestJobs::with_queue(&queue).await;
        Self {
            processes: [test.twin().await, test],
            queue,
            books: Books {
                share: share.into(),
                jobs: BTreeMap::new(),
                erased: BTreeSet::new(),
            },
            offered: Vec::new(),
            taken: Vec::new(),
            leases: BTreeMap::new(),
            succeeded: BTreeSet::new(),
            told: BTreeMap::new(),
        }
    }

    pub(super) async fn act(&mut self, act: Act) {
        match act {
            Act::Ask { process, deed } => {
                if let Some(call) = self.plan(deed).await {
                    self.ask(process, &call).await;
                }
            }
            Act::Together(one, other) => self.act_together(one, other).await,
            Act::Die { worker } => self.taken.retain(|(by, _)| *by != worker),
            Act::Wait { seconds } => self.processes[0].pass(seconds.into()),
            Act::LoseLeases => {
                self.processes[0].pass(31);
                self.processes[0].sweep().await;
            }
            Act::LoseTickets { count } => drop(self.tickets(count.into()).await),
            Act::Restart => self.restart().await,
            Act::RestartAll => {
                self.restart().await;
                self.processes[0].reclaim_all().await;
            }
        }
    }

    /// Asks one of the processes, and nobody else asks the other one.
    pub(super) async fn ask(&mut self, process: bool, call: &Call) -> Reply {
        let reply = call.send(&self.processes[usize::from(process)]).await;
        self.books.verify(call, &reply);
        self.learn(call, &reply, true);
        reply
    }

    async fn act_together(&mut self, one: Deed, other: Deed) {
        let other = match (one, other) {
            // Which of two leases of one worker's is the later one nobody could tell.
            (
                Deed::Take { worker, .. } | Deed::TakeAgain { worker, .. },
                Deed::Take { .. } | Deed::TakeAgain { .. },
            ) => Deed::TakeAgain {
                worker: worker ^ 1,
                which: 0,
            },
            _ => other,
        };
        let (Some(one), Some(other)) = (self.plan(one).await, self.plan(other).await) else {
            return;
        };
        let [here, there] = &self.processes;
        let (reply, other_reply) = tokio::join!(one.send(here), other.send(there));
        let mut told = [(one, reply), (other, other_reply)];
        // What was finished may have been taken again since, and what was made be erased, but not the other way round.
        told.sort_by_key(|(call, _)| match call {
            Call::Finish(..) => 0,
            Call::Erase(_) => 2,
            _ => 1,
        });
        for (call, reply) in &told {
            self.learn(call, reply, false);
        }
    }

    async fn restart(&mut self) {
        let test = self.processes[0].replica(&self.queue).await;
        self.processes = [test.twin().await, test];
    }

    /// Takes note of an answer, to a call that came `alone` or not.
    fn learn(&mut self, call: &Call, reply: &Reply, alone: bool) {
        match (call, reply) {
            (Call::Create(owner, _), Reply::Job(Ok(job))) => {
                let entry = Entry::new(*owner, (**job).clone());
                self.books.jobs.insert(job.id.clone(), entry);
            }
            (Call::Cancel(_, id), Reply::Job(Ok(_))) => self.books.called_off(id, alone),
            (Call::Retry(_, id), Reply::Job(Ok(_))) => self.books.asked_again(id, alone),
            (Call::Erase(owner), _) => self.forget(*owner),
            (Call::Take(worker, _), Reply::Taken(tasks)) => {
                for task in tasks {
                    assert!((1..=8).contains(&task.attempt), "{task:?}");
                    self.leases.insert(task.id.clone(), task.lease.clone());
                    if let Some(proto::task::Work::NotifyOwner(work)) = &task.work {
                        let job = work.job.as_ref().expect("a job");
                        self.told.insert(job.id.clone(), job.end_time);
                    }
                    self.taken.push((*worker, task.clone()));
                }
            }
            (Call::Finish(task, how), Reply::Lost(lost)) => self.finished(task, *how, lost),
            (Call::Beat(_, held), Reply::Lost(lost)) if alone => {
                for held in held {
                    let good = self.leases.get(&held.task_id) == Some(&held.lease);
                    assert!(good || lost.contains(&held.task_id), "{held:?}");
                }
            }
            _ => {}
        }
    }

    fn finished(&mut self, task: &proto::Task, how: Ending, lost: &[String]) {
        self.taken
            .retain(|(_, taken)| taken.lease != task.lease || taken.id != task.id);
        if !lost.is_empty() {
            return;
        }
        let lease = self.leases.remove(&task.id);
        assert_eq!(lease.as_ref(), Some(&task.lease), "its lease was void");
        let image = matches!(task.work, Some(proto::task::Work::ProcessImage(_)));
        if image && how == Ending::Done {
            assert!(self.succeeded.insert(task.id.clone()), "it ended twice");
        }
    }

    /// Whoever works on what is an erased owner's goes on until told.
    fn forget(&mut self, owner: UserId) {
        self.books.erased.insert(owner);
        self.books.jobs.retain(|_, entry| entry.owner != owner);
        let owner = owner.to_string();
        let his = self.taken.iter().filter(|(_, task)| task.owner == owner);
        for (_, task) in his {
            self.leases.remove(&task.id);
        }
    }

    /// Up to so many of the tasks that are offered now.
    pub(super) async fn tickets(&mut self, at_most: usize) -> Vec<TaskId> {
        let [test, other] = &self.processes;
        test.house.sweeper.settled().await;
        other.house.sweeper.settled().await;
        let worker = WorkerName::new("listener");
        let mut tickets = Vec::new();
        while tickets.len() < at_most
            && let Some(some) = test.queue.take(&worker, 1).now_or_never()
        {
            let some = some.expect("a queue in memory");
            test.queue.settle(&some).await.expect("settled");
            tickets.extend(some.into_iter().map(|delivery| delivery.ticket.task));
        }
        self.offered.extend(&tickets);
        tickets
    }
}
