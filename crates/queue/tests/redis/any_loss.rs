//! Redis loses any key, or any two, at any time. Whatever is offered again comes and can be settled, nothing is left over, and
//! nobody else notices.

use std::{collections::HashSet, sync::Arc};

use jiff::SignedDuration;
use pupila_core::{Clock as _, ManualClock};
use pupila_queue::{Delivery, Depth, Priority::Batch, Priority::Interactive, Queue, Ticket};

use crate::{clock, server::Server, take, ticket, tickets};

/// How history offers what waits.
#[derive(Debug, Clone, Copy)]
enum Again {
    AtOnce,
    Later,
}

/// Whether the worker who was handed tickets before the loss says so, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Settles {
    BeforeItIsOfferedAgain,
    Afterwards,
    Never,
}

/// What two owners have in a queue: in a worker's hands, waiting, and for later.
struct Story {
    server: Server,
    clock: Arc<ManualClock>,
    queue: Arc<dyn Queue>,
    held: Ticket,
    held_alone: Ticket,
    waiting: Ticket,
    urgent: Ticket,
    delayed: Ticket,
    handed_out: Vec<Delivery>,
}

/// How many steps a story has.
const STEPS: usize = 5;

impl Story {
    async fn new() -> Self {
        let (server, clock) = (Server::start(), clock());
        let queue = server.queue(&clock).await;
        let [held, held_alone, urgent] = [Batch, Batch, Interactive].map(ticket);
        let hers = || Ticket {
            owner: held.owner,
            ..ticket(Batch)
        };
        Self {
            server,
            clock,
            queue,
            held,
            held_alone,
            waiting: hers(),
            urgent,
            delayed: hers(),
            handed_out: Vec::new(),
        }
    }

    fn all(&self) -> [Ticket; 5] {
        [
            self.held,
            self.held_alone,
            self.waiting,
            self.urgent,
            self.delayed,
        ]
    }

    /// All that can be lost, as an operator would do it.
    fn losses(&self) -> Vec<String> {
        let (hers, his) = (self.held.owner, self.urgent.owner);
        let keys = [":tasks", ":counts", ":ring:b", ":delayed", ":unsettled"].map(str::to_owned);
        let streams = [format!(":b:{hers}"), format!(":i:{his}")];
        let keys = keys.into_iter().chain(streams);
        let mut losses: Vec<_> = keys.map(|key| format!("DEL {{pupila}}{key}")).collect();
        losses.push(format!("XGROUP DESTROY {{pupila}}:b:{hers} workers"));
        losses
    }

    fn lose(&self, loss: &str) {
        let key = loss.split(' ').find(|word| word.starts_with('{'));
        let exists = format!("EXISTS {}", key.expect("a key"));
        if self.server.say(&exists) {
            self.server.say::<u32>(loss);
        }
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    async fn offer_later(&self, seconds: i64, tickets: &[Ticket]) {
        let due = self.clock.now() + SignedDuration::from_secs(seconds);
        let later: Vec<_> = tickets.iter().map(|&ticket| (ticket, due)).collect();
        self.queue.offer_later(&later).await.expect("offered");
    }

    async fn step(&mut self, step: usize) {
        let queue = &*self.queue;
        match step {
            0 => queue.offer(&[self.held, self.held_alone]).await,
            1 => {
                self.handed_out = take(queue, "slow", 2).await;
                Ok(())
            }
            2 => {
                self.offer_later(60, &[self.delayed]).await;
                queue.offer(&[self.waiting, self.urgent]).await
            }
            3 => {
                self.pass(30);
                self.handed_out = take(queue, "slow as well", 2).await;
                Ok(())
            }
            _ => queue.settle(&self.handed_out[..1]).await,
        }
        .expect("it is there");
    }

    async fn offer_again(&self, again: Again) {
        match again {
            Again::AtOnce => self.queue.offer(&self.all()).await.expect("offered"),
            Again::Later => self.offer_later(300, &self.all()).await,
        }
    }

    /// All that comes, which is settled, until only what somebody else offers does.
    async fn take_all(&self) -> Vec<Ticket> {
        let (mut taken, mut quiet) = (Vec::new(), 0);
        while quiet < 2 {
            let others = ticket(Batch);
            self.queue.offer(&[others]).await.expect("offered");
            let deliveries = take(&*self.queue, "quick", 50).await;
            self.queue.settle(&deliveries).await.expect("settled");
            assert!(tickets(&deliveries).contains(&others));
            let distinct: HashSet<_> = tickets(&deliveries).into_iter().collect();
            assert_eq!(distinct.len(), deliveries.len(), "no task twice at once");
            quiet = if deliveries.len() == 1 { quiet + 1 } else { 0 };
            taken.extend(tickets(&deliveries));
        }
        taken
    }

    /// Everything up to a step, the losses, and what comes of it.
    async fn tell(&mut self, step: usize, losses: &[&str], again: Again, settles: Settles) {
        self.server.say::<()>("FLUSHALL");
        self.handed_out.clear();
        for step in 0..=step {
            self.step(step).await;
        }
        losses.iter().for_each(|loss| self.lose(loss));
        if settles == Settles::BeforeItIsOfferedAgain {
            self.queue.settle(&self.handed_out).await.expect("settled");
        }
        self.offer_again(again).await;
        if settles == Settles::Afterwards {
            self.queue.settle(&self.handed_out).await.expect("settled");
        }

        let mut taken = self.take_all().await;
        for seconds in [30, 300] {
            self.pass(seconds);
            taken.extend(self.take_all().await);
        }
        let what = format!("step {step}, {losses:?}, {again:?}, settles {settles:?}");
        for ticket in self.all() {
            let arrived = tickets(&self.handed_out).contains(&ticket);
            let is_done = arrived && settles == Settles::Afterwards;
            assert!(is_done || taken.contains(&ticket), "{ticket:?}: {what}");
        }
        let left: Vec<String> = self.server.say("KEYS *");
        assert_eq!(left, ["{pupila}:counts"], "{what}");
        assert_eq!(self.queue.depth().await.expect("known"), Depth::default());
    }
}

async fn tell_all(again: Again) {
    let mut story = Story::new().await;
    let losses = story.losses();
    for step in 0..STEPS {
        for (at, one) in losses.iter().enumerate() {
            for other in &losses[at..] {
                for settles in [
                    Settles::BeforeItIsOfferedAgain,
                    Settles::Afterwards,
                    Settles::Never,
                ] {
                    story.tell(step, &[one, other], again, settles).await;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_lost_comes_when_it_is_offered_again() {
    tell_all(Again::AtOnce).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_lost_comes_when_it_is_offered_again_for_later() {
    tell_all(Again::Later).await;
}
