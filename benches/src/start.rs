//! From start to ready, on a fresh data folder: the migrations and the bundled model included.

use bytes::Bytes;

use crate::{
    Args, Failure,
    client::Client,
    report::{Report, Target},
    server::{Logs, Server},
    spread::Spread,
};

/// Milliseconds to the line that says it is ready.
const READY_MS: f64 = 500.0;

/// Starts the server again and again.
pub(crate) async fn measure(
    args: &Args,
    forms: &[Bytes],
    report: &mut Report,
) -> Result<(), Failure> {
    let (mut ready, mut answered) = (Vec::new(), Vec::new());
    for form in forms.iter().cycle().take(args.starts.get()) {
        let server = Server::start(Logs::Default)?;
        ready.push(server.ready_after.as_secs_f64() * 1e3);
        let mut client = Client::connect(server.address).await?;
        client.predict(form.clone()).await?;
        answered.push(server.spawned.elapsed().as_secs_f64() * 1e3);
    }
    let (ready, answered) = (Spread::of(ready), Spread::of(answered));
    report.judged(
        "start to ready, ms",
        format!("{ready:.0}"),
        ready.median,
        Target::AtMost(READY_MS),
    );
    report.told("start to the first answer, ms", format!("{answered:.0}"));
    Ok(())
}
