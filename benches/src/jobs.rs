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
/// What is asked for one by one. Celery has less of it: it would take minutes.
const SINGLY: Round = Round {
    tasks: 6000,
    together: 1,
};
const SINGLY_OF_CELERY: Round = Round {
    tasks: 1000,
    ..SINGLY
};
/// The same in batches: a job of many images, and jobs that are added in bulk.
const IN_BATCHES: Round = Round {
    tasks: 10_000,
    together: 500,
};

/// What is asked for in a round.
#[derive(Clone, Copy)]
struct Round {
    /// What workers are handed.
    tasks: usize,
    /// How many of them one call asks for.
    together: usize,
}

impl Round {
    fn name(self) -> String {
        match self.together {
            1 => "no-op jobs".to_owned(),
            together => format!("no-op jobs, {together} at once"),
        }
    }

    /// Tasks a second.
    fn rate(self, took: Duration) -> f64 {
        self.tasks as f64 / took.as_secs_f64()
    }
}

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
    let mut bullmq = bullmq::start(&servers);
    let mut celery = celery::start(&servers);
    let rounds = args.rounds.get();
    compare(rounds, &ours, SINGLY, &mut bullmq, SINGLY, report).await?;
    compare(rounds, &ours, IN_BATCHES, &mut bullmq, IN_BATCHES, report).await?;
    compare(rounds, &ours, SINGLY, &mut celery, SINGLY_OF_CELERY, report).await
}

/// Compares with one peer.
async fn compare(
    rounds: usize,
    ours: &Ours,
    round: Round,
    peer: &mut Result<Peer, Failure>,
    round_of_peer: Round,
    report: &mut Report,
) -> Result<(), Failure> {
    let name = round.name();
    let peer = match peer {
        Ok(peer) => peer,
        Err(error) => {
            report.told(&name, format!("not compared: {error}"));
            return Ok(());
        }
    };
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    // The first of each kind warms up and is not counted.
    for n in 0..=rounds {
        let rates = (
            round.rate(ours.round(round).await?),
            round_of_peer.rate(peer.round(round_of_peer)?),
        );
        if n > 0 {
            own.push(rates.0);
            theirs.push(rates.1);
        }
    }
    let peer = &peer.version;
    let ratio = Spread::of(own.iter().zip(&theirs).map(|(own, theirs)| own / theirs));
    for (who, rates) in [("Pupila", own), (peer, theirs)] {
        let rate = Spread::of(rates);
        report.told(&format!("{name}: a second, {who}"), rate.to_string());
    }
    report.judged(
        &format!("{name}: throughput to that of {peer}"),
        format!("{ratio:.2}"),
        ratio.median,
        Target::AtLeast(RATIO),
    );
    Ok(())
}
