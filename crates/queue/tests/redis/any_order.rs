//! Users, workers, the clock and losses in any order; in the end all is as it should be.

use std::collections::HashSet;

use jiff::SignedDuration;
use pupila_core::Clock as _;
use pupila_queue::{Delivery, Depth, Priority::Batch, Priority::Interactive, Queue, Ticket};

use crate::{clock, server::Server, take, ticket, tickets};

/// How many stories are told, each another, and how long each is.
const STORIES: u64 = 150;
const ACTS: usize = 40;

/// Marsaglia's xorshift: the same numbers at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % most
    }

    fn some<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        (0..=self.below(3))
            .map(|_| all[self.below(all.len())])
            .collect()
    }
}

/// Takes what there is, and with it or instead what somebody else offers: a worker who finds nothing would wait.
async fn take_some(queue: &dyn Queue, at_most: usize, all: &mut Vec<Ticket>) -> Vec<Delivery> {
    all.push(ticket(Interactive));
    queue.offer(&all[all.len() - 1..]).await.expect("offered");
    take(queue, "ana", at_most).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_all_is_well_once_everything_was_offered_again() {
    let (server, clock) = (Server::start(), clock());
    let queue = &*server.queue(&clock).await;
    for seed in 1..=STORIES {
        server.say::<()>("FLUSHALL");
        let mut dice = Dice(seed << 32 | seed);
        let [ana, luis] = [Batch, Interactive].map(ticket);
        let mut tasks: Vec<_> = [ana, ana, ana, luis, luis]
            .map(|owners| Ticket {
                task: ticket(Batch).task,
                ..owners
            })
            .into();
        let keys = [
            "tasks".to_owned(),
            "counts".to_owned(),
            "ring:b".to_owned(),
            "ring:i".to_owned(),
            "delayed".to_owned(),
            "unsettled".to_owned(),
            format!("b:{}", ana.owner),
            format!("i:{}", luis.owner),
        ];
        let mut handed_out = Vec::new();
        for _ in 0..ACTS {
            match dice.below(8) {
                0 | 1 => queue.offer(&dice.some(&tasks)).await.expect("offered"),
                2 => {
                    let seconds = 10 * i64::try_from(dice.below(9)).expect("few");
                    let due = clock.now() + SignedDuration::from_secs(seconds);
                    let later: Vec<_> = dice.some(&tasks).iter().map(|&it| (it, due)).collect();
                    queue.offer_later(&later).await.expect("offered");
                }
                3 | 4 => handed_out.extend(take_some(queue, 1 + dice.below(5), &mut tasks).await),
                5 => clock.advance(SignedDuration::from_secs(15)),
                6 if !handed_out.is_empty() => {
                    // Late, and more than once.
                    let all: Vec<_> = handed_out.iter().collect();
                    let some: Vec<_> = dice.some(&all).into_iter().cloned().collect();
                    queue.settle(&some).await.expect("settled");
                }
                _ => {
                    let key = &keys[dice.below(keys.len())];
                    server.say::<u32>(&format!("DEL {{pupila}}:{key}"));
                }
            }
        }

        queue.offer(&tasks).await.expect("offered");
        let mut taken = HashSet::new();
        for _ in 0..4 {
            for _ in 0..3 {
                let deliveries = take_some(queue, 99, &mut tasks).await;
                queue.settle(&deliveries).await.expect("settled");
                taken.extend(tickets(&deliveries));
            }
            clock.advance(SignedDuration::from_secs(90));
        }
        assert!(tasks.iter().all(|ticket| taken.contains(ticket)), "{seed}");
        let left: Vec<String> = server.say("KEYS *");
        assert_eq!(left, ["{pupila}:counts"], "story {seed}");
        assert_eq!(queue.depth().await.expect("known"), Depth::default());
    }
}
