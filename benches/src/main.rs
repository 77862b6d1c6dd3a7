//! What `make bench` runs: the release binary against the bare pipeline, thumbnails against sharp, and jobs against
//! Celery and BullMQ, on the same cores and in one run.
//!
//! It measures and judges, but it is no test: a missed target is told, and changes no exit code.

mod bare;
mod client;
mod images;
mod jobs;
mod latency;
mod load;
mod memory;
mod node;
mod photo;
mod process;
mod report;
mod round;
mod server;
mod sharp;
mod spread;
mod start;
mod throughput;
mod thumbnails;
mod workers;

use std::{num::NonZero, path::PathBuf, thread::available_parallelism, time::Duration};

use clap::{Parser, ValueEnum};

use crate::{bare::Bare, report::Report};

/// What stops a measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The X-rays that come with the bundled model.
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/pneumonia/samples");

/// Measures Pupila: throughput and latency of `POST /predict` against the bare pipeline, memory, time to start,
/// thumbnails against sharp, jobs against Celery and BullMQ, and how soon a job is told to be ready.
#[derive(Debug, Parser)]
#[command(name = "pupila-bench")]
pub(crate) struct Args {
    /// What is measured; everything unless told
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// Folder with JPEG images to analyse
    #[arg(long, value_name = "DIR", default_value = SAMPLES, hide_default_value = true)]
    images: PathBuf,
    /// Rounds of each kind; they alternate, so that a machine that slows down slows down all
    #[arg(long, default_value = "5")]
    rounds: NonZero<usize>,
    /// Seconds that a round lasts
    #[arg(long, default_value = "4")]
    seconds: NonZero<u64>,
    /// How often the server is started
    #[arg(long, default_value = "10")]
    starts: NonZero<usize>,
    /// Cores that the machine has: one pipeline and two clients each
    #[arg(long, default_value_t = cores(), hide_default_value = true)]
    cores: NonZero<usize>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Start,
    Memory,
    Throughput,
    Thumbnails,
    Jobs,
    Latency,
}

impl Args {
    fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    fn length(&self) -> Duration {
        Duration::from_secs(self.seconds.get())
    }

    /// Clients that keep every core busy: while one waits for its answer, another one's request is read.
    fn clients(&self) -> usize {
        self.cores.get() * 2
    }
}

// The clients share the cores with the server, so they make do with one thread.
#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a person reads the figures")]
async fn main() -> Result<(), Failure> {
    let args = Args::parse();
    let images = images::load(&args.images)?;
    let forms: Vec<_> = images.iter().map(client::form).collect();
    let mut report = Report::new();
    if args.wants(Part::Start) {
        start::measure(&args, &forms, &mut report).await?;
    }
    if args.wants(Part::Memory) {
        memory::measure(&args, &forms, &mut report).await?;
    }
    if args.wants(Part::Throughput) {
        let bare = Bare::open(images.clone()).await?;
        throughput::measure(&args, &bare, &forms, &mut report).await?;
    }
    if args.wants(Part::Thumbnails) {
        thumbnails::measure(&args, &mut report)?;
    }
    if args.wants(Part::Jobs) {
        jobs::measure(&args, &mut report).await?;
    }
    if args.wants(Part::Latency) {
        latency::measure(&args, &mut report).await?;
    }
    println!("{} cores, {} images\n{report}", args.cores, images.len());
    Ok(())
}

fn cores() -> NonZero<usize> {
    available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}
