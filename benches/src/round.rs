//! What one round of predictions took.

use std::time::Duration;

/// A number of predictions, made one after the other by each of several workers.
#[derive(Debug)]
pub(crate) struct Round {
    /// By the clock.
    pub(crate) elapsed: Duration,
    /// What the process that predicts spent on all cores together.
    pub(crate) cpu: Duration,
    /// How long each prediction took, in no order.
    pub(crate) latencies: Vec<Duration>,
}

impl Round {
    /// Predictions a second.
    pub(crate) fn throughput(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// CPU time of one prediction, in milliseconds.
    pub(crate) fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3 / self.latencies.len().max(1) as f64
    }
}

/// The latency that a share of all predictions stay under, in milliseconds (the nearest rank).
pub(crate) fn percentile_ms(rounds: &[Round], share: f64) -> f64 {
    let all = rounds.iter().flat_map(|round| &round.latencies);
    let mut all: Vec<Duration> = all.copied().collect();
    all.sort_unstable();
    let rank = (share * all.len() as f64).ceil() as usize;
    let latency = all.get(rank.saturating_sub(1)).copied();
    latency.unwrap_or_default().as_secs_f64() * 1e3
}
