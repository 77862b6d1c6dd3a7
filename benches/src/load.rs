//! Load from several clients at once.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::try_join_all;

use crate::{Failure, client::Client, process::cpu_time, round::Round, server::Server};

/// Has so many clients ask one image after the other until the time is over.
pub(crate) async fn round(
    server: &Server,
    forms: &[Bytes],
    clients: usize,
    length: Duration,
) -> Result<Round, Failure> {
    let clients = try_join_all((0..clients).map(|_| Client::connect(server.address))).await?;
    let cpu = cpu_time(server.pid())?;
    let start = Instant::now();
    let working = clients
        .into_iter()
        .enumerate()
        .map(|(first, client)| ask_until(client, forms, first, start + length));
    let latencies = try_join_all(working).await?;
    Ok(Round {
        elapsed: start.elapsed(),
        cpu: cpu_time(server.pid())? - cpu,
        latencies: latencies.concat(),
    })
}

async fn ask_until(
    mut client: Client,
    forms: &[Bytes],
    first: usize,
    end: Instant,
) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::new();
    for form in forms.iter().cycle().skip(first) {
        let start = Instant::now();
        if start >= end {
            break;
        }
        client.predict(form.clone()).await?;
        latencies.push(start.elapsed());
    }
    Ok(latencies)
}
