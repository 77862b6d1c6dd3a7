//! How many tasks of a kind are worked on at once, and whose turn it is.

mod line;
mod returns;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use self::line::{Asked, Line};
use crate::TimeLimit;

/// How many tasks of a kind are worked on at once, so that others have their turn too. Owners take turns: who was served least
/// recently is next, and nobody has all places.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<Mutex<Line>>);

/// A place, free for the next in line once this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    owner: String,
}

impl Places {
    /// So many places. `waiting` more tasks may wait in line for one, which each hold one of the worker's meanwhile.
    pub(super) fn new(most: usize, waiting: usize) -> Self {
        Self(Arc::new(Mutex::new(Line::new(most, waiting))))
    }

    /// A place for a task of `owner`, at once or in their turn. The limit stands still meanwhile.
    ///
    /// # Errors
    /// How long to stay away, where too many wait already.
    pub(super) async fn take(&self, owner: &str, limit: &TimeLimit) -> Result<Place, Duration> {
        let asked = self.line().ask(owner);
        match asked {
            Asked::Taken => Ok(self.place(owner)),
            // Whoever is more in need of the turn took the place in line where nothing comes.
            Asked::InLine(turn) => match limit.apart(turn).await {
                Ok(place) => Ok(place),
                Err(_) => Err(self.line().send_away(owner)),
            },
            Asked::Full => Err(self.line().send_away(owner)),
        }
    }

    fn place(&self, owner: &str) -> Place {
        Place {
            places: self.clone(),
            owner: owner.to_owned(),
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let next = self.places.line().leave(&self.owner);
        if let Some(next) = next {
            // Who has left the line meanwhile drops it, and it is the next one's.
            let _ = next.turn.send(self.places.place(&next.owner));
        }
    }
}

#[cfg(test)]
mod tests;
