//! The tasks that are a worker's now.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pupila_proto::history::v1::{LeasedTask, Task};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Most tasks under lease, those among them that ended and are not reported: as many are renewed by one call.
const MOST: usize = 1000;

/// The tasks that are a worker's now, from when it takes them until history knows how they went. Its clones share them.
#[derive(Clone)]
pub(super) struct Holdings(Arc<Inner>);

struct Inner {
    held: Mutex<Held>,
    /// Rung when there may be room for more.
    freed: Notify,
    capacity: usize,
}

#[derive(Default)]
struct Held {
    tasks: HashMap<String, Holding>,
    running: usize,
}

struct Holding {
    lease: String,
    /// Stops the attempt; `None` when it ended.
    stop: Option<CancellationToken>,
}

impl Holdings {
    /// None yet, and at most `capacity` that run.
    pub(super) fn new(capacity: usize) -> Self {
        Self(Arc::new(Inner {
            held: Mutex::default(),
            freed: Notify::new(),
            capacity,
        }))
    }

    /// How many may run at once.
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity
    }

    /// How many more may be taken, as soon as there is room for one.
    pub(super) async fn room(&self) -> usize {
        loop {
            let freed = self.0.freed.notified();
            let room = {
                let held = self.held();
                let unreported = MOST.saturating_sub(held.tasks.len());
                unreported.min(self.0.capacity.saturating_sub(held.running))
            };
            if room > 0 {
                return room;
            }
            freed.await;
        }
    }

    /// The task is the worker's; `stop` ends the attempt at it.
    pub(super) fn hold(&self, task: &Task, stop: CancellationToken) {
        let holding = Holding {
            lease: task.lease.clone(),
            stop: Some(stop),
        };
        let mut held = self.held();
        held.running += 1;
        let before = held.tasks.insert(task.id.clone(), holding);
        // A task that is here twice was lost before, and nobody has said so yet.
        held.settle(before);
    }

    /// The attempt ended. Until that is reported the task stays the worker's.
    pub(super) fn end(&self, task: &LeasedTask) {
        let mut held = self.held();
        if let Some(holding) = held.of(task) {
            let ended = holding.stop.take().is_some();
            held.running -= usize::from(ended);
        }
        drop(held);
        self.0.freed.notify_one();
    }

    /// The tasks are the worker's no more: what still runs of them is stopped. Answers how many did.
    pub(super) fn release<'a>(&self, tasks: impl IntoIterator<Item = &'a LeasedTask>) -> usize {
        let mut held = self.held();
        let mut stopped = 0;
        for task in tasks {
            if held.of(task).is_some() {
                let holding = held.tasks.remove(&task.task_id);
                stopped += usize::from(held.settle(holding));
            }
        }
        drop(held);
        self.0.freed.notify_one();
        stopped
    }

    /// Every task under its lease.
    pub(super) fn leases(&self) -> Vec<LeasedTask> {
        let held = self.held();
        let tasks = held.tasks.iter();
        tasks
            .map(|(id, holding)| LeasedTask {
                task_id: id.clone(),
                lease: holding.lease.clone(),
            })
            .collect()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// The task, if it is held under this very lease: the same task may have come back under another one.
    fn of(&mut self, task: &LeasedTask) -> Option<&mut Holding> {
        let holding = self.tasks.get_mut(&task.task_id);
        holding.filter(|holding| holding.lease == task.lease)
    }

    /// Stops what is not held any more. Answers whether it ran.
    fn settle(&mut self, holding: Option<Holding>) -> bool {
        let stop = holding.and_then(|holding| holding.stop);
        let Some(stop) = stop else { return false };
        stop.cancel();
        self.running -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn task(id: &str, lease: &str) -> Task {
        Task {
            id: id.to_owned(),
            lease: lease.to_owned(),
            ..Task::default()
        }
    }

    fn leased(id: &str, lease: &str) -> LeasedTask {
        LeasedTask {
            task_id: id.to_owned(),
            lease: lease.to_owned(),
        }
    }

    #[tokio::test]
    async fn there_is_room_again_when_an_attempt_ends() {
        let holdings = Holdings::new(1);
        assert_eq!(holdings.room().await, 1);
        holdings.hold(&task("a", "1"), CancellationToken::new());
        let mut room = Box::pin(holdings.room());
        assert!((&mut room).now_or_never().is_none());
        holdings.end(&leased("a", "1"));
        assert_eq!(room.await, 1);
        assert_eq!(holdings.leases(), [leased("a", "1")], "not reported yet");
        assert_eq!(holdings.release([&leased("a", "1")]), 0, "it had ended");
        assert!(holdings.leases().is_empty());
    }

    #[tokio::test]
    async fn what_is_not_reported_takes_room_too() {
        let holdings = Holdings::new(MOST);
        for number in 0..MOST {
            let id = number.to_string();
            holdings.hold(&task(&id, "1"), CancellationToken::new());
            holdings.end(&leased(&id, "1"));
        }
        assert!(holdings.room().now_or_never().is_none());
        holdings.release([&leased("7", "1")]);
        assert_eq!(holdings.room().await, 1);
    }

    #[tokio::test]
    async fn a_task_that_came_back_is_not_stopped_for_its_former_lease() {
        let holdings = Holdings::new(2);
        let [former, present] = [(); 2].map(|()| CancellationToken::new());
        holdings.hold(&task("a", "1"), former.clone());
        holdings.hold(&task("a", "2"), present.clone());
        assert!(former.is_cancelled(), "nobody waits for it");
        assert_eq!(holdings.release([&leased("a", "1")]), 0);
        holdings.end(&leased("a", "1"));
        assert!(!present.is_cancelled());
        assert_eq!(holdings.room().await, 1);
        assert_eq!(holdings.release([&leased("a", "2")]), 1);
        assert!(present.is_cancelled());
        assert_eq!(holdings.room().await, 2);
    }
}
