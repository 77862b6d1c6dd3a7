//! Who is next: interactive before batch, users in turns.

use std::collections::{HashMap, VecDeque};

use pupila_core::{TaskId, UserId};

use crate::{Priority, Ticket, turns::BATCH_TURN};

/// The tickets that wait, in the order in which they are handed out.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    interactive: Lane,
    batch: Lane,
    /// How many interactive tickets went out while batch ones waited.
    overtaken: u32,
}

impl Lanes {
    pub(super) fn push(&mut self, ticket: &Ticket) {
        let lane = match ticket.priority {
            Priority::Interactive => &mut self.interactive,
            Priority::Batch => &mut self.batch,
        };
        lane.push(ticket.owner, ticket.task);
    }

    /// The next task.
    pub(super) fn pop(&mut self) -> Option<TaskId> {
        if self.batch.waiting == 0 {
            self.overtaken = 0;
            return self.interactive.pop();
        }
        if self.interactive.waiting == 0 || self.overtaken + 1 >= BATCH_TURN {
            self.overtaken = 0;
            return self.batch.pop();
        }
        self.overtaken += 1;
        self.interactive.pop()
    }

    /// How many of an owner's wait.
    pub(super) fn waiting_of(&self, owner: UserId) -> usize {
        let lanes = [&self.interactive, &self.batch];
        let tasks = lanes.iter().filter_map(|lane| lane.tasks.get(&owner));
        tasks.map(VecDeque::len).sum()
    }

    /// How many wait: interactive ones, and batch ones.
    pub(super) fn waiting(&self) -> (u64, u64) {
        (self.interactive.waiting, self.batch.waiting)
    }
}

/// The tasks of one priority: each owner's in order, the owners in a ring.
#[derive(Debug, Default)]
struct Lane {
    ring: VecDeque<UserId>,
    tasks: HashMap<UserId, VecDeque<TaskId>>,
    waiting: u64,
}

impl Lane {
    fn push(&mut self, owner: UserId, task: TaskId) {
        let tasks = self.tasks.entry(owner).or_default();
        if tasks.is_empty() {
            self.ring.push_back(owner);
        }
        tasks.push_back(task);
        self.waiting += 1;
    }

    fn pop(&mut self) -> Option<TaskId> {
        let owner = self.ring.pop_front()?;
        let tasks = self.tasks.get_mut(&owner)?;
        let task = tasks.pop_front()?;
        if tasks.is_empty() {
            self.tasks.remove(&owner);
        } else {
            self.ring.push_back(owner);
        }
        self.waiting -= 1;
        Some(task)
    }
}
