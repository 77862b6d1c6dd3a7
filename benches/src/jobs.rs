//! Jobs that do nothing, from asking for them to the record of their end: ours, in MariaDB by way of Redis, against those of
//! Celery and BullMQ, in Redis. All on the same cores.

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

/// Of a peer whose Redis answers once what it was told is on disk, as MariaDB does.
const ON_DISK: &str = ", on disk";

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

/// Compares, with as much asked for at once on either side.
pub(crate) async fn measure(args: &Args, report: &mut Report) -> Result<(), Failure> {
    let servers = match Servers::start() {
        Ok(servers) => servers,
        Err(error) => {
            report.told("jobs that do nothing", format!("not measured: {error}"));
            return Ok(());
        }
    };
    let ours = Ours::start(&servers).await?;
    let mut contest = Contest {
        ours,
        rounds: args.rounds.get(),
        report,
    };
    let mut bullmq = bullmq::start(servers.redis_port);
    for round in [SINGLY, IN_BATCHES] {
        contest.hold(round, &mut bullmq, round, "").await?;
    }
    drop(bullmq);
    let mut lasting = bullmq::start(servers.lasting_redis_port);
    for round in [SINGLY, IN_BATCHES] {
        contest.hold(round, &mut lasting, round, ON_DISK).await?;
    }
    drop(lasting);
    let mut celery = celery::start(servers.redis_port);
    contest
        .hold(SINGLY, &mut celery, SINGLY_OF_CELERY, "")
        .await
}

/// Ours against others.
struct Contest<'a> {
    ours: Ours,
    rounds: usize,
    report: &'a mut Report,
}

impl Contest<'_> {
    /// Holds rounds by turns with a peer, of which there is something to `remark`.
    async fn hold(
        &mut self,
        round: Round,
        peer: &mut Result<Peer, Failure>,
        round_of_peer: Round,
        remark: &str,
    ) -> Result<(), Failure> {
        let name = round.name();
        let peer = match peer {
            Ok(peer) => peer,
            Err(error) => {
                self.report.told(&name, format!("not compared: {error}"));
                return Ok(());
            }
        };
        let (mut own, mut theirs) = (Vec::new(), Vec::new());
        // The first of each kind warms up and is not counted.
        for n in 0..=self.rounds {
            let took = self.ours.round(round).await?;
            let took_peer = match peer.round(round_of_peer) {
                Ok(took) => took,
                Err(error) => {
                    self.report.told(&name, format!("not compared: {error}"));
                    return Ok(());
                }
            };
            if n > 0 {
                own.push(round.rate(took));
                theirs.push(round_of_peer.rate(took_peer));
            }
        }
        let peer = format!("{}{remark}", peer.version);
        let ratio = Spread::of(own.iter().zip(&theirs).map(|(own, theirs)| own / theirs));
        for (who, rates) in [("Pupila", own), (&*peer, theirs)] {
            let rate = Spread::of(rates);
            let what = format!("{name}: a second, {who}");
            self.report.told(&what, format!("{rate:.0}"));
        }
        self.report.judged(
            &format!("{name}: throughput to that of {peer}"),
            format!("{ratio:.2}"),
            ratio.median,
            Target::AtLeast(RATIO),
        );
        Ok(())
    }
}
