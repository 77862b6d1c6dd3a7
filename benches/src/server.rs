//! The product: the release binary as a process of its own, on a fresh data folder.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::Failure;

/// How the first line that it prints begins.
const READY: &str = "Pupila is ready: http://";

/// What the server logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Logs {
    /// What it logs by default: a line a request.
    Default,
    /// Warnings only.
    Quiet,
}

/// A running server. Dropping it kills it and removes its data.
pub(crate) struct Server {
    process: Child,
    /// When it was spawned.
    pub(crate) spawned: Instant,
    /// How long it took from there to the line that says it is ready.
    pub(crate) ready_after: Duration,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    _data: TempDir,
}

impl Server {
    /// Starts the binary beside this one and waits until it is ready.
    pub(crate) fn start(logs: Logs) -> Result<Self, Failure> {
        let binary = std::env::current_exe()?.with_file_name("pupila");
        let data = tempfile::tempdir()?;
        let log = data.path().join("log");
        let mut command = Command::new(&binary);
        command
            .args(["serve", "--port", "0", "--data"])
            .arg(data.path())
            .env("PUPILA_GATEWAY__ADMIN_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?);
        if logs == Logs::Quiet {
            command.env("PUPILA_TELEMETRY__LOG_LEVEL", "warn");
        }
        let spawned = Instant::now();
        let mut process = command.spawn().map_err(|error| {
            format!(
                "{}: {error}; build it with `cargo build --release --bin pupila`",
                binary.display()
            )
        })?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.as_mut() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let ready_after = spawned.elapsed();
        let Some(address) = line.trim().strip_prefix(READY) else {
            let mut said = String::new();
            File::open(&log)?.read_to_string(&mut said)?;
            return Err(format!("the server did not start: {line}{said}").into());
        };
        Ok(Self {
            process,
            spawned,
            ready_after,
            address: address.parse()?,
            _data: data,
        })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing more to do about it then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
