//! `sharp`, the library that most web services make thumbnails with: a process of Node.js that is asked for rounds.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Failure, node, process::cpu_time, round::Round};

const PACKAGE: &str = include_str!("../sharp/package.json");
const SCRIPT: &str = include_str!("../sharp/thumbnails.mjs");

/// The running process. Dropping it ends it.
pub(crate) struct Sharp {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Its name and version.
    pub(crate) version: String,
}

impl Sharp {
    /// Installs it below `target/tools`, if need be, and has it read that JPEG file; so many thumbnails are on their way
    /// at once.
    ///
    /// # Errors
    /// No npm, no Node.js, or no registry that has it.
    pub(crate) fn start(photo: &Path, in_flight: usize) -> Result<Self, Failure> {
        let folder = node::folder("sharp", PACKAGE, ("thumbnails.mjs", SCRIPT))?;
        let mut process = Command::new("node")
            .arg("thumbnails.mjs")
            .args([photo.as_os_str(), in_flight.to_string().as_ref()])
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(orders), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("Node.js has no pipes".into());
        };
        let mut sharp = Self {
            process,
            orders,
            answers: BufReader::new(answers),
            version: String::new(),
        };
        sharp.version = sharp.answer()?;
        Ok(sharp)
    }

    /// Makes thumbnails until the time is over.
    pub(crate) fn round(&mut self, length: Duration) -> Result<Round, Failure> {
        let cpu = cpu_time(self.process.id())?;
        let start = Instant::now();
        writeln!(self.orders, "{}", length.as_millis())?;
        let answer = self.answer()?;
        let elapsed = start.elapsed();
        let latencies = answer.split(' ').map(|milliseconds| {
            let milliseconds: f64 = milliseconds.parse()?;
            Ok(Duration::from_secs_f64(milliseconds / 1e3))
        });
        Ok(Round {
            elapsed,
            cpu: cpu_time(self.process.id())? - cpu,
            latencies: latencies.collect::<Result<_, Failure>>()?,
        })
    }

    fn answer(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        match line.trim() {
            "" => Err("sharp ended before its time".into()),
            line => Ok(line.to_owned()),
        }
    }
}

impl Drop for Sharp {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing more to do about it then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
