//! What is in a queue in memory, and the rules by which it moves.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use jiff::Timestamp;
use pupila_core::{TaskId, UserId};

use super::lanes::Lanes;
use crate::{DeadLetter, Delivery, Depth, Ticket, admission::Fill, turns::DEAD_LETTERS};

/// What is in the queue. Every task is in one place.
#[derive(Debug, Default)]
pub(super) struct State {
    tasks: HashMap<TaskId, Entry>,
    lanes: Lanes,
    /// By the time at which each is due.
    delayed: BTreeSet<(Timestamp, TaskId)>,
    /// By the time from which each is handed out again.
    unsettled: BTreeSet<(Timestamp, TaskId)>,
    dead: VecDeque<DeadLetter>,
    offers: u64,
}

#[derive(Debug)]
struct Entry {
    ticket: Ticket,
    /// Which offer it came with: tells a late settlement of an earlier one.
    offer: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Waiting,
    Delayed(Timestamp),
    Unsettled(Timestamp),
}

impl State {
    /// How much is here. What was handed out is soon settled: there is little to count.
    pub(super) fn fill(&self, owner: UserId) -> Fill {
        let entries = self.unsettled.iter().map(|(_, task)| self.tasks.get(task));
        let handed_out = entries
            .flatten()
            .filter(|entry| entry.ticket.owner == owner);
        Fill {
            whole: self.tasks.len(),
            owner: self.lanes.waiting_of(owner) + handed_out.count(),
        }
    }

    pub(super) fn offer(&mut self, ticket: Ticket) {
        match self.tasks.get(&ticket.task).map(|entry| &entry.place) {
            Some(Place::Waiting | Place::Unsettled(_)) => return,
            Some(&Place::Delayed(due)) => {
                self.delayed.remove(&(due, ticket.task));
            }
            None => {}
        }
        self.place(ticket, Place::Waiting);
        self.lanes.push(&ticket);
    }

    /// The sooner of two times counts.
    pub(super) fn offer_later(&mut self, ticket: Ticket, due: Timestamp) {
        match self.tasks.get(&ticket.task).map(|entry| &entry.place) {
            Some(Place::Waiting | Place::Unsettled(_)) => return,
            Some(&Place::Delayed(before)) if before <= due => return,
            Some(&Place::Delayed(before)) => {
                self.delayed.remove(&(before, ticket.task));
            }
            None => {}
        }
        self.place(ticket, Place::Delayed(due));
        self.delayed.insert((due, ticket.task));
    }

    fn place(&mut self, ticket: Ticket, place: Place) {
        self.offers += 1;
        let entry = Entry {
            ticket,
            offer: self.offers,
            place,
        };
        self.tasks.insert(ticket.task, entry);
    }

    /// Hands out up to `at_most`: first what a worker was silent about, then who is next.
    pub(super) fn take(
        &mut self,
        at_most: usize,
        now: Timestamp,
        redeliver_after: Duration,
    ) -> Vec<Delivery> {
        while let Some(task) = pop_until(&mut self.delayed, now) {
            if let Some(entry) = self.tasks.get_mut(&task) {
                entry.place = Place::Waiting;
                self.lanes.push(&entry.ticket);
            }
        }
        let deadline = now
            .saturating_add(redeliver_after)
            .unwrap_or(Timestamp::MAX);
        let mut deliveries = Vec::new();
        while deliveries.len() < at_most {
            let overdue = pop_until(&mut self.unsettled, now);
            let Some(task) = overdue.or_else(|| self.lanes.pop()) else {
                break;
            };
            if let Some(entry) = self.tasks.get_mut(&task) {
                entry.place = Place::Unsettled(deadline);
                self.unsettled.insert((deadline, task));
                deliveries.push(Delivery {
                    ticket: entry.ticket,
                    receipt: entry.offer.to_string(),
                });
            }
        }
        deliveries
    }

    /// When something is next due that no offer tells of.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let first = |set: &BTreeSet<(Timestamp, TaskId)>| set.first().map(|&(time, _)| time);
        first(&self.delayed)
            .into_iter()
            .chain(first(&self.unsettled))
            .min()
    }

    pub(super) fn settle(&mut self, delivery: &Delivery) {
        let task = delivery.ticket.task;
        let Some(entry) = self.tasks.get(&task) else {
            return;
        };
        if let Place::Unsettled(deadline) = entry.place
            && entry.offer.to_string() == delivery.receipt
        {
            self.unsettled.remove(&(deadline, task));
            self.tasks.remove(&task);
        }
    }

    pub(super) fn bury(&mut self, letter: DeadLetter) {
        if self.dead.len() == DEAD_LETTERS {
            self.dead.pop_front();
        }
        self.dead.push_back(letter);
    }

    pub(super) fn depth(&self) -> Depth {
        let (interactive, batch) = self.lanes.waiting();
        Depth {
            interactive,
            batch,
            delayed: self.delayed.len() as u64,
            unsettled: self.unsettled.len() as u64,
            dead: self.dead.len() as u64,
        }
    }
}

/// Takes out the first whose time has come.
fn pop_until(set: &mut BTreeSet<(Timestamp, TaskId)>, now: Timestamp) -> Option<TaskId> {
    let &(time, _) = set.first()?;
    if time > now {
        return None;
    }
    set.pop_first().map(|(_, task)| task)
}
