//! Jobs that do nothing, from asking for them to the record of their end: ours, in MariaDB by way of Redis, against those of
//! Celery and BullMQ, in Redis. All on the same cores and the same Redis.

mod bullmq;
mod celery;
mod ours;
mod peer;
mod program;
mod servers;

use std::time::Duration;

use self::{ours::Ours, peer::Peer, servers::Servers};
use crate::{
    Args, Failure,
    report::{Report, Target},
    spread::Spread,
};

/// Least share of a peer's throughput.
const RATIO: f64 = 1.0;
/// Jobs of a round. Celery has fewer: it would take minutes.
const JOBS: usize = 6000;
const JOBS_OF_CELERY: usize = 1000;

/// Compares, with as many jobs asked for at once on either side.
pub(crate) async fn measure(args: &Args, report: &mut Report) -> Result<(), Failure> {
    let servers = match Servers::start() {
        Ok(servers) => servers,
        Err(error) => {
            report.told("jobs that do nothing", format!("not measured: {error}"));
            return Ok(());
        }
    };
    let ours = Ours::start(&servers).await?;
    let mut peers = [
        (bullmq::start(&servers), JOBS),
        (celery::start(&servers), JOBS_OF_CELERY),
    ];
    let (mut pupila, mut theirs) = (Vec::new(), [Vec::new(), Vec::new()]);
    // The first of each kind warms up and is not counted.
    for round in 0..=args.rounds.get() {
        let own = rate(JOBS, ours.round(JOBS).await?);
        let others = peers.each_mut().map(|(peer, jobs)| run(peer, *jobs));
        if round > 0 {
            pupila.push(own);
            for (all, other) in theirs.iter_mut().zip(others) {
                all.extend(other);
            }
        }
    }
    report.told(
        "no-op jobs a second, Pupila",
        Spread::of(pupila.iter().copied()).to_string(),
    );
    for ((peer, _), rates) in peers.iter().zip(&theirs) {
        match peer {
            Ok(peer) => judge(report, &peer.version, &pupila, rates),
            Err(error) => report.told("no-op jobs", format!("not measured: {error}")),
        }
    }
    Ok(())
}

fn judge(report: &mut Report, name: &str, ours: &[f64], theirs: &[f64]) {
    let rate = Spread::of(theirs.iter().copied());
    report.told(&format!("no-op jobs a second, {name}"), rate.to_string());
    let ratio = Spread::of(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs));
    report.judged(
        &format!("no-op jobs: throughput to that of {name}"),
        format!("{ratio:.2}"),
        ratio.median,
        Target::AtLeast(RATIO),
    );
}

/// Jobs a second of a peer that is there.
fn run(peer: &mut Result<Peer, Failure>, jobs: usize) -> Option<f64> {
    let took = peer.as_mut().ok()?.round(jobs);
    took.ok().map(|took| rate(jobs, took))
}

fn rate(jobs: usize, took: Duration) -> f64 {
    jobs as f64 / took.as_secs_f64()
}
