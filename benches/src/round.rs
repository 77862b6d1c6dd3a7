//! What one round of predictions or thumbnails took.

use std::time::Duration;

use crate::spread::Spread;

/// A number of pieces of work, done one after the other by each of several workers.
#[derive(Debug)]
pub(crate) struct Round {
    /// By the clock.
    pub(crate) elapsed: Duration,
    /// What the process that works spent on all cores together.
    pub(crate) cpu: Duration,
    /// How long each piece took, in no order.
    pub(crate) latencies: Vec<Duration>,
}

impl Round {
    /// Pieces a second.
    pub(crate) fn throughput(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// CPU time of one piece, in milliseconds.
    pub(crate) fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3 / self.latencies.len().max(1) as f64
    }
}

/// The latency that a share of all pieces stays under, in milliseconds (the nearest rank).
pub(crate) fn percentile_ms(rounds: &[Round], share: f64) -> f64 {
    let all = rounds.iter().flat_map(|round| &round.latencies);
    let mut all: Vec<Duration> = all.copied().collect();
    all.sort_unstable();
    let rank = (share * all.len() as f64).ceil() as usize;
    let latency = all.get(rank.saturating_sub(1)).copied();
    latency.unwrap_or_default().as_secs_f64() * 1e3
}

/// Each round against the one that ran just before it.
pub(crate) fn ratio(
    before: &[Round],
    after: &[Round],
    of: impl Fn(&Round, &Round) -> f64,
) -> Spread {
    let pairs = before.iter().zip(after);
    Spread::of(pairs.map(|(before, after)| of(before, after)))
}
