//! Work as a story wants it.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use pupila_proto::history::v1::Task;
use pupila_worker::{Outcome, Service, TaskRunner, TimeLimit};
use tokio::sync::{Semaphore, watch};

/// What becomes of a task.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// It is done as soon as [`TestRunner::let_go`] says so.
    Wait,
    /// It never ends by itself.
    Hang,
    /// It takes so long.
    Take(Duration),
    /// It waits so long for its turn.
    Queue(Duration),
    Panic,
    End(Outcome),
}

/// Does with each task what the story says; what it says nothing of is done at once.
#[derive(Clone)]
pub(crate) struct TestRunner(Arc<Inner>);

struct Inner {
    acts: Mutex<HashMap<String, Act>>,
    /// All tasks need it, but those that need nothing.
    needs: &'static [Service],
    free: Mutex<HashSet<String>>,
    /// What becomes of those that are not tried.
    untried: Mutex<HashMap<String, Outcome>>,
    goes: Semaphore,
    running: AtomicUsize,
    most: AtomicUsize,
    begun: watch::Sender<usize>,
    dropped: watch::Sender<usize>,
}

impl TestRunner {
    pub(crate) fn needing(needs: &'static [Service]) -> Self {
        Self(Arc::new(Inner {
            acts: Mutex::default(),
            needs,
            free: Mutex::default(),
            untried: Mutex::default(),
            goes: Semaphore::new(0),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            begun: watch::Sender::new(0),
            dropped: watch::Sender::new(0),
        }))
    }

    pub(crate) fn on(&self, task: &str, act: Act) {
        self.0
            .acts
            .lock()
            .expect("whole")
            .insert(task.to_owned(), act);
    }

    /// The task needs no other service.
    pub(crate) fn free(&self, task: &str) {
        self.0.free.lock().expect("whole").insert(task.to_owned());
    }

    /// The task cannot wait for another service any more.
    pub(crate) fn gives_up(&self, task: &str, outcome: Outcome) {
        let mut untried = self.0.untried.lock().expect("whole");
        untried.insert(task.to_owned(), outcome);
    }

    /// So many of those that wait are done.
    pub(crate) fn let_go(&self, count: usize) {
        self.0.goes.add_permits(count);
    }

    /// Waits until so many attempts have begun.
    pub(crate) async fn begun(&self, count: usize) {
        let mut begun = self.0.begun.subscribe();
        begun
            .wait_for(|begun| *begun >= count)
            .await
            .expect("it lives");
    }

    /// How many attempts have begun.
    pub(crate) fn attempts(&self) -> usize {
        *self.0.begun.borrow()
    }

    /// Waits until so many attempts were broken off.
    pub(crate) async fn dropped(&self, count: usize) {
        let mut dropped = self.0.dropped.subscribe();
        dropped
            .wait_for(|dropped| *dropped >= count)
            .await
            .expect("it lives");
    }

    /// How many ran at once at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }
}

struct Running<'a> {
    inner: &'a Inner,
    ended: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.inner.running.fetch_sub(1, Ordering::SeqCst);
        if !self.ended {
            self.inner.dropped.send_modify(|dropped| *dropped += 1);
        }
    }
}

#[async_trait]
impl TaskRunner for TestRunner {
    fn needs(&self, task: &Task) -> &'static [Service] {
        let is_free = self.0.free.lock().expect("whole").contains(&task.id);
        if is_free { &[] } else { self.0.needs }
    }

    fn untried(&self, task: &Task) -> Option<Outcome> {
        let untried = self.0.untried.lock().expect("whole");
        untried.get(&task.id).cloned()
    }

    async fn run(&self, task: &Task, limit: &TimeLimit) -> Outcome {
        let inner = &*self.0;
        let now = inner.running.fetch_add(1, Ordering::SeqCst) + 1;
        inner.most.fetch_max(now, Ordering::SeqCst);
        let mut running = Running {
            inner,
            ended: false,
        };
        inner.begun.send_modify(|begun| *begun += 1);
        let act = inner.acts.lock().expect("whole").get(&task.id).cloned();
        let outcome = match act {
            None => Outcome::done(),
            Some(Act::End(outcome)) => outcome,
            Some(Act::Wait) => {
                inner.goes.acquire().await.expect("open").forget();
                Outcome::done()
            }
            Some(Act::Hang) => std::future::pending().await,
            Some(Act::Take(time)) => {
                tokio::time::sleep(time).await;
                Outcome::done()
            }
            Some(Act::Queue(time)) => {
                limit.apart(tokio::time::sleep(time)).await;
                Outcome::done()
            }
            Some(Act::Panic) => panic!("on purpose"),
        };
        running.ended = true;
        outcome
    }
}
