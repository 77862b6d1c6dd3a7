//! Workers lose what they hold.

use jiff::Timestamp;
use pupila_core::TaskId;
use pupila_queue::DeadLetter;

use super::{Held, finish::Conclusion};
use crate::jobs::{Event, Failure, Rules, TaskState, failure::WORKER_LOST};

impl Held {
    /// Takes tasks whose lease ends by `until` from their workers, and gives up those that were tried often enough.
    pub(crate) fn reclaim(&mut self, ids: &[TaskId], until: Timestamp, rules: &Rules) {
        for id in ids {
            self.reclaim_one(*id, until, rules);
        }
    }

    fn reclaim_one(&mut self, id: TaskId, until: Timestamp, rules: &Rules) {
        let Some(task) = self.tasks.get(&id).cloned() else {
            return;
        };
        match &task.state {
            TaskState::Running { lease, .. } if lease.until <= until => {}
            _ => return,
        }
        if task.attempts < rules.attempts(task.work.kind()) {
            self.tell(&task, "lost", WORKER_LOST);
            self.aftermath.events.push(Event::Retried(task.work.kind()));
            // At once: the task is hardly ever what killed its worker.
            let again = TaskState::waiting(self.now, Some(Failure::worker_lost()));
            self.set(id, again);
        } else if self.conclude(&task, Failure::worker_lost()) == Conclusion::GivenUp {
            self.aftermath.letters.push(DeadLetter {
                task: id,
                reason: WORKER_LOST,
                attempts: task.attempts,
                time: self.now,
            });
        }
    }
}
