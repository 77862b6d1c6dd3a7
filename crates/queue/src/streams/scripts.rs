//! The scripts: each does one thing to the queue, as a whole or not at all.

use std::time::Duration;

use jiff::Timestamp;
use redis::{Script, ScriptInvocation};

use super::{keys::Keys, wire};
use crate::{Delivery, Ticket, WorkerName, turns::BATCH_TURN};

/// Begin every script.
const PLACES: &str = include_str!("scripts/places.lua");
const RECORDS: &str = include_str!("scripts/records.lua");
/// Begin those that put tasks into streams.
const NUMBERS: &str = include_str!("scripts/numbers.lua");
const ENQUEUE: &str = include_str!("scripts/enqueue.lua");
/// Begins those that take them out.
const DISCARD: &str = include_str!("scripts/discard.lua");
/// Begin the one that hands them out.
const CONSUMERS: &str = include_str!("scripts/consumers.lua");
const DELIVER: &str = include_str!("scripts/deliver.lua");

/// The scripts. Redis keeps them by their digests, and is sent those that it does not have.
pub(super) struct Scripts {
    offer: Script,
    offer_later: Script,
    take: Script,
    settle: Script,
    confirm_refill: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        let script = |parts: &[&str]| Script::new(&[&[PLACES, RECORDS], parts].concat().concat());
        let take = include_str!("scripts/take.lua");
        Self {
            offer: script(&[NUMBERS, ENQUEUE, include_str!("scripts/offer.lua")]),
            offer_later: script(&[NUMBERS, ENQUEUE, include_str!("scripts/offer_later.lua")]),
            take: script(&[NUMBERS, ENQUEUE, DISCARD, CONSUMERS, DELIVER, take]),
            settle: script(&[DISCARD, include_str!("scripts/settle.lua")]),
            confirm_refill: Script::new(include_str!("scripts/confirm_refill.lua")),
        }
    }

    pub(super) fn offer(&self, keys: &Keys, tickets: &[Ticket]) -> ScriptInvocation<'_> {
        let mut call = self.offer.key(keys.base());
        tickets.iter().for_each(|ticket| push(&mut call, ticket));
        call
    }

    pub(super) fn offer_later(
        &self,
        keys: &Keys,
        tickets: &[(Ticket, Timestamp)],
    ) -> ScriptInvocation<'_> {
        let mut call = self.offer_later.key(keys.base());
        for (ticket, due) in tickets {
            push(&mut call, ticket);
            call.arg(due.as_microsecond());
        }
        call
    }

    /// Answers what [`wire::Taken`] reads.
    pub(super) fn take(
        &self,
        keys: &Keys,
        worker: &WorkerName,
        at_most: usize,
        now: Timestamp,
        patience: Duration,
    ) -> ScriptInvocation<'_> {
        let mut call = self.take.key(keys.base());
        call.arg(now.as_microsecond())
            .arg(micros(patience))
            .arg(worker.as_str())
            .arg(at_most)
            .arg(BATCH_TURN);
        call
    }

    pub(super) fn settle(&self, keys: &Keys, deliveries: &[Delivery]) -> ScriptInvocation<'_> {
        let mut call = self.settle.key(keys.base());
        for delivery in deliveries {
            call.arg(delivery.ticket.task.to_string())
                .arg(wire::record(delivery));
        }
        call
    }

    pub(super) fn confirm_refill(&self, keys: &Keys, mark: &str) -> ScriptInvocation<'_> {
        let mut call = self.confirm_refill.key(keys.marker());
        call.arg(mark);
        call
    }
}

/// Task, priority, owner.
fn push(call: &mut ScriptInvocation<'_>, ticket: &Ticket) {
    call.arg(ticket.task.to_string())
        .arg(wire::priority(ticket.priority))
        .arg(ticket.owner.to_string());
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
