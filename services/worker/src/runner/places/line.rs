//! Who has a place, and who is next.

use std::{collections::HashMap, time::Duration};

use tokio::sync::oneshot;

use super::{Place, returns::Returns};

/// The owners of so many turns are remembered. Who had none of them is as good as new.
const REMEMBERED: u64 = 1000;

/// Who has a place, and who is next.
#[derive(Debug)]
pub(super) struct Line {
    most: usize,
    /// Most tasks that wait.
    room: usize,
    /// How many places each owner has; those without any are not here.
    held: HashMap<String, usize>,
    /// The last turn of each owner, counted from 1.
    served: HashMap<String, u64>,
    turns: u64,
    waiting: Vec<Waiting>,
    returns: Returns,
}

/// Somebody in line.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) owner: String,
    pub(super) turn: oneshot::Sender<Place>,
}

/// What comes of asking for a place.
#[derive(Debug)]
pub(super) enum Asked {
    /// It is there.
    Taken,
    /// It comes; or nothing, where somebody came who is more in need of it.
    InLine(oneshot::Receiver<Place>),
    /// Too many wait already.
    Full,
}

impl Line {
    pub(super) fn new(most: usize, room: usize) -> Self {
        Self {
            most,
            room,
            held: HashMap::new(),
            served: HashMap::new(),
            turns: 0,
            waiting: Vec::with_capacity(room),
            returns: Returns::default(),
        }
    }

    /// A place, or a place in line: of each owner one task waits there at most.
    pub(super) fn ask(&mut self, owner: &str) -> Asked {
        // What was called off waits no more.
        self.waiting.retain(|waiting| !waiting.turn.is_closed());
        let is_there = self.waiting.iter().any(|waiting| waiting.owner == owner);
        if is_there || self.held(owner) >= self.share() {
            return Asked::Full;
        }
        if self.held.values().sum::<usize>() < self.most {
            self.serve(owner);
            return Asked::Taken;
        }
        if self.waiting.len() >= self.room {
            let Some(last) = self.last_after(owner) else {
                return Asked::Full;
            };
            self.waiting.remove(last);
        }
        let (turn, place) = oneshot::channel();
        let owner = owner.to_owned();
        self.waiting.push(Waiting { owner, turn });
        Asked::InLine(place)
    }

    /// A place of the owner's is free. Answers who has it now.
    pub(super) fn leave(&mut self, owner: &str) -> Option<Waiting> {
        if let Some(held) = self.held.get_mut(owner) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(owner);
            }
        }
        let waiting = self.waiting.iter().enumerate();
        // The first of several to whom that applies.
        let (next, _) = waiting.min_by_key(|(_, waiting)| self.last_turn(&waiting.owner))?;
        let next = self.waiting.remove(next);
        self.serve(&next.owner);
        Some(next)
    }

    /// How long a task of the owner's stays away.
    pub(super) fn send_away(&mut self, owner: &str) -> Duration {
        self.returns.plan(owner)
    }

    /// Most places of one owner: nothing that takes long can be taken back once somebody else comes.
    fn share(&self) -> usize {
        (self.most - 1).max(1)
    }

    fn held(&self, owner: &str) -> usize {
        self.held.get(owner).copied().unwrap_or_default()
    }

    fn last_turn(&self, owner: &str) -> u64 {
        self.served.get(owner).copied().unwrap_or_default()
    }

    /// Who is last in line, if `owner` comes before them.
    fn last_after(&self, owner: &str) -> Option<usize> {
        let waiting = self.waiting.iter().enumerate();
        let turns = waiting.map(|(index, waiting)| (self.last_turn(&waiting.owner), index));
        let (turn, last) = turns.max()?;
        (self.last_turn(owner) < turn).then_some(last)
    }

    fn serve(&mut self, owner: &str) {
        self.turns += 1;
        *self.held.entry(owner.to_owned()).or_default() += 1;
        self.served.insert(owner.to_owned(), self.turns);
        let turns = self.turns;
        if self.served.len() as u64 > REMEMBERED {
            self.served.retain(|_, turn| *turn + REMEMBERED > turns);
        }
    }
}
