//! Throughput and latency: the product, which also receives, records and answers, against its bare pipeline.

use bytes::Bytes;

use crate::{
    Args, Failure,
    bare::Bare,
    load,
    report::{Report, Target},
    round::{Round, percentile_ms, ratio},
    server::{Logs, Server},
    spread::Spread,
};

/// Least share of the bare pipeline's throughput.
const RATIO: f64 = 0.6;

/// Rounds of each kind under the same number of workers.
#[derive(Default)]
struct Rounds {
    bare: Vec<Round>,
    quiet: Vec<Round>,
    logging: Vec<Round>,
}

/// Compares at one client, and at as many as keep all cores busy.
pub(crate) async fn measure(
    args: &Args,
    bare: &Bare,
    forms: &[Bytes],
    report: &mut Report,
) -> Result<(), Failure> {
    let servers = (Server::start(Logs::Quiet)?, Server::start(Logs::Default)?);
    let loads = [(1, 1), (args.cores.get(), args.clients())];
    for (threads, clients) in loads {
        let rounds = alternate(args, bare, &servers, forms, threads, clients).await?;
        tell(report, &rounds, threads, clients);
    }
    Ok(())
}

async fn alternate(
    args: &Args,
    bare: &Bare,
    (quiet, logging): &(Server, Server),
    forms: &[Bytes],
    threads: usize,
    clients: usize,
) -> Result<Rounds, Failure> {
    let length = args.length();
    let mut rounds = Rounds::default();
    // The first of each kind warms up and is not counted.
    for round in 0..=args.rounds.get() {
        let a = bare.round(threads, length)?;
        let b = load::round(quiet, forms, clients, length).await?;
        let c = load::round(logging, forms, clients, length).await?;
        if round > 0 {
            rounds.bare.push(a);
            rounds.quiet.push(b);
            rounds.logging.push(c);
        }
    }
    Ok(rounds)
}

fn tell(report: &mut Report, rounds: &Rounds, threads: usize, clients: usize) {
    let pipeline = match threads {
        1 => "pipeline, 1 thread".to_owned(),
        _ => format!("pipeline, {threads} threads"),
    };
    let served = match clients {
        1 => "served, 1 client".to_owned(),
        _ => format!("served, {clients} clients"),
    };
    let logging = format!("{served}, with default logs");
    let kinds = [
        (&pipeline, &rounds.bare),
        (&served, &rounds.quiet),
        (&logging, &rounds.logging),
    ];
    for (kind, rounds) in kinds {
        let throughput = Spread::of(rounds.iter().map(Round::throughput));
        let cpu = Spread::of(rounds.iter().map(Round::cpu_ms));
        let (p50, p99) = (percentile_ms(rounds, 0.5), percentile_ms(rounds, 0.99));
        report.told(
            &format!("{kind}: predictions a second"),
            throughput.to_string(),
        );
        report.told(
            &format!("{kind}: p50 / p99, ms"),
            format!("{p50:.2} / {p99:.2}"),
        );
        report.told(
            &format!("{kind}: CPU a prediction, ms"),
            format!("{cpu:.2}"),
        );
    }
    for (kind, served) in &kinds[1..] {
        let throughput = ratio(&rounds.bare, served, |bare, served| {
            served.throughput() / bare.throughput()
        });
        let cpu = ratio(&rounds.bare, served, |bare, served| {
            bare.cpu_ms() / served.cpu_ms()
        });
        let what = format!("{kind}: throughput to the pipeline's");
        let text = format!("{throughput:.2}");
        // The target speaks of the same cores: one client leaves all but one of them idle.
        match clients {
            1 => report.told(&what, text),
            _ => report.judged(&what, text, throughput.median, Target::AtLeast(RATIO)),
        }
        report.told(
            &format!("{kind}: the pipeline's CPU to the server's"),
            format!("{cpu:.2}"),
        );
    }
}
