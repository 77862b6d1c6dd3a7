//! Telling history how tasks went.

use std::collections::HashSet;

use pupila_proto::history::v1::{FinishedTask, LeasedTask};
use pupila_runtime::rpc::RpcError;
use tokio::sync::mpsc;

use super::{
    history::{History, Repeats},
    holdings::Holdings,
};
use crate::{Service, parking::Parking};

/// Most tasks of one call. What a task leaves is a few kilobytes at most, and a message has four megabytes.
const BATCH: usize = 256;

/// Tells history how tasks went: while one call is on its way, what ends is gathered for the next. None is dropped because
/// history is away.
pub(super) struct Reports {
    pub(super) history: History,
    pub(super) holdings: Holdings,
    pub(super) parking: Parking,
    pub(super) ended: mpsc::UnboundedReceiver<FinishedTask>,
}

impl Reports {
    /// Runs until all is told and nobody is left who could tell more.
    pub(super) async fn run(mut self) {
        let mut batch = Vec::new();
        while self.ended.recv_many(&mut batch, BATCH).await > 0 {
            self.tell(&batch).await;
            batch.clear();
        }
    }

    async fn tell(&self, batch: &[FinishedTask]) {
        if let Ok(lost) = self.told(batch).await {
            return self.release(batch, &lost);
        }
        // One of them cannot be written down: the others are not to suffer for it.
        for task in batch.chunks(1) {
            let lost = self.told(task).await.unwrap_or_else(|error| {
                tracing::error!(%error, "what became of a task cannot be told: its lease will end");
                HashSet::new()
            });
            self.release(task, &lost);
        }
    }

    /// Tells again until history answers. Fails where it never will.
    async fn told(&self, batch: &[FinishedTask]) -> Result<HashSet<String>, RpcError> {
        let mut repeats = Repeats::default();
        loop {
            self.parking.wait_for(Service::History).await;
            let answer = self.history.finish(batch.to_vec()).await;
            let Err(error) = answer else {
                self.parking.open(&[Service::History]);
                return answer;
            };
            if !repeats.make_sense_after(&error) {
                self.parking.open(&[Service::History]);
                return Err(error);
            }
            tracing::warn!(%error, "history was not told how tasks went");
            self.parking.park(Service::History, error.retry_after);
        }
    }

    fn release(&self, batch: &[FinishedTask], lost: &HashSet<String>) {
        if !lost.is_empty() {
            metrics::counter!("pupila_leases_lost_total").increment(lost.len() as u64);
        }
        self.holdings.release(leases(batch));
    }
}

fn leases(batch: &[FinishedTask]) -> impl Iterator<Item = &LeasedTask> {
    batch.iter().filter_map(|finished| finished.task.as_ref())
}
