//! Resident memory of the server, as it comes: default configuration, default logs.

use std::time::Duration;

use bytes::Bytes;

use crate::{
    Args, Failure, load, process,
    report::{Report, Target},
    server::{Logs, Server},
};

/// Megabytes that it may take when nobody asks anything.
const IDLE_MB: f64 = 64.0;
/// Megabytes that it may ever take under load.
const LOAD_MB: f64 = 128.0;
/// What is still on its way when the server says that it is ready is over by then.
const SETTLED: Duration = Duration::from_secs(1);
/// As many as wait in the default queue.
const CROWD: usize = 64;

/// Looks at a fresh server, then under the load of a few clients and of many.
pub(crate) async fn measure(
    args: &Args,
    forms: &[Bytes],
    report: &mut Report,
) -> Result<(), Failure> {
    let server = Server::start(Logs::Default)?;
    tokio::time::sleep(SETTLED).await;
    let idle = megabytes(process::memory(server.pid())?.resident);
    judge(report, "memory idle, MB", idle, IDLE_MB);
    for clients in [args.clients(), CROWD] {
        load::round(&server, forms, clients, args.length()).await?;
        let peak = megabytes(process::memory(server.pid())?.peak);
        let what = format!("memory under load, {clients} clients, peak, MB");
        judge(report, &what, peak, LOAD_MB);
    }
    let after = megabytes(process::memory(server.pid())?.resident);
    report.told("memory after the load, MB", format!("{after:.1}"));
    Ok(())
}

fn judge(report: &mut Report, what: &str, megabytes: f64, most: f64) {
    let value = format!("{megabytes:.1}");
    report.judged(what, value, megabytes, Target::AtMost(most));
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
