//! Work on several threads at once.

use std::{
    process, thread,
    time::{Duration, Instant},
};

use crate::{Failure, process::cpu_time, round::Round};

/// Has so many threads of this process work until the time is over. `work` is told the number of the piece: threads
/// begin with their own number and count up.
pub(crate) fn round(
    threads: usize,
    length: Duration,
    work: impl Fn(usize) -> Result<(), Failure> + Sync,
) -> Result<Round, Failure> {
    let work_until = |first: usize, end: Instant| -> Result<Vec<Duration>, Failure> {
        let mut latencies = Vec::new();
        for piece in first.. {
            let start = Instant::now();
            if start >= end {
                break;
            }
            work(piece)?;
            latencies.push(start.elapsed());
        }
        Ok(latencies)
    };
    let cpu = cpu_time(process::id())?;
    let start = Instant::now();
    let latencies: Vec<_> = thread::scope(|scope| {
        let work_until = &work_until;
        let workers: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || work_until(first, start + length)))
            .collect();
        let done = workers.into_iter().map(|worker| {
            let latencies = worker.join();
            latencies.unwrap_or_else(|_| Err("a worker panicked".into()))
        });
        done.collect::<Result<_, Failure>>()
    })?;
    Ok(Round {
        elapsed: start.elapsed(),
        cpu: cpu_time(process::id())? - cpu,
        latencies: latencies.concat(),
    })
}
