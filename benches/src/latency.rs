//! How soon somebody who uploads one small image and watches is told that it is ready: the release binary, idle.

use std::time::{Duration, Instant};

use eventsource_stream::Eventsource as _;
use futures_util::StreamExt as _;
use reqwest::{
    Client,
    multipart::{Form, Part},
};
use serde_json::Value;

use crate::{
    Args, Failure,
    report::{Report, Target},
    server::{Logs, Server},
};

/// Most milliseconds from the upload to the event, the work itself taken off: half of the jobs are told sooner.
const TARGET_MS: f64 = 50.0;
/// Jobs that are timed, one after the other.
const JOBS: usize = 100;
/// A picture of 64 x 64 pixels.
const IMAGE: (u32, u32) = (64, 64);

/// Uploads an image, has it resized, and waits for the event.
pub(crate) async fn measure(_: &Args, report: &mut Report) -> Result<(), Failure> {
    let server = Server::start(Logs::Quiet)?;
    let client = Client::new();
    let base = format!("http://{}/v1", server.address);
    let response = client.get(format!("{base}/events")).send().await?;
    let mut events = response.error_for_status()?.bytes_stream().eventsource();
    let (mut whole, mut around) = (Vec::new(), Vec::new());
    // The first warms up and is not counted.
    for number in 0..=JOBS {
        let image = Part::bytes(picture(number)?).file_name("small.png");
        let form = Form::new()
            .text(
                "steps",
                r#"[{"operation": "resize", "parameters": {"width": 32}}]"#,
            )
            .part("file", image);
        let start = Instant::now();
        let request = client.post(format!("{base}/jobs")).multipart(form).send();
        let (answer, ready) = tokio::join!(request, async {
            loop {
                let event = events.next().await.ok_or("the stream ended")??;
                let news: Value = serde_json::from_str(&event.data).unwrap_or_default();
                if news["job"]["state"] == "SUCCEEDED" {
                    return Ok::<_, Failure>((start.elapsed(), news));
                }
            }
        });
        answer?.error_for_status()?;
        let (took, news) = ready?;
        if number > 0 {
            whole.push(milliseconds(took));
            around.push(milliseconds(took) - worked(&news["job"])?);
        }
    }
    report.told(
        "job: from upload to the event, p50 / p99, ms",
        percentiles(&mut whole),
    );
    let text = percentiles(&mut around);
    report.judged(
        "job: the same without the work, p50 / p99, ms",
        text,
        around[around.len() / 2],
        Target::AtMost(TARGET_MS),
    );
    Ok(())
}

/// Milliseconds between the first take and the end of a job.
fn worked(job: &Value) -> Result<f64, Failure> {
    let time = |field: &str| {
        job[field]
            .as_str()
            .unwrap_or_default()
            .parse::<jiff::Timestamp>()
    };
    let worked = time("end_time")?.duration_since(time("start_time")?);
    Ok(worked.as_secs_f64() * 1e3)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Sorts, too.
fn percentiles(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
    format!("{:.1} / {:.1}", at(0.5), at(0.99))
}

/// Another picture each time, or it would be stored already.
fn picture(number: usize) -> Result<Vec<u8>, Failure> {
    let (width, height) = IMAGE;
    let pixels = image::RgbImage::from_fn(width, height, |x, y| {
        let value = (x * 4 + y + number as u32) as u8;
        image::Rgb([value, value.wrapping_mul(3), number as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}
