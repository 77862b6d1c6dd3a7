//! Another queue: a process that has jobs done, and processes that do them.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use super::Round;
use crate::Failure;

/// Another queue at work. Dropping it ends it.
pub(crate) struct Peer {
    workers: Child,
    driver: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Its name and version.
    pub(crate) version: String,
}

impl Peer {
    /// Starts the workers and the one who has jobs done, who tells its name first.
    ///
    /// # Errors
    /// One does not start.
    pub(crate) fn start(workers: &mut Command, driver: &mut Command) -> Result<Self, Failure> {
        let workers = workers
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut driver = driver
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(orders), Some(answers)) = (driver.stdin.take(), driver.stdout.take()) else {
            return Err("a process has no pipes".into());
        };
        let mut peer = Self {
            workers,
            driver,
            orders,
            answers: BufReader::new(answers),
            version: String::new(),
        };
        peer.version = peer.answer()?;
        Ok(peer)
    }

    /// Has a round done. Answers how long it took until the last end was recorded.
    pub(crate) fn round(&mut self, round: Round) -> Result<Duration, Failure> {
        let Round { tasks, together } = round;
        writeln!(self.orders, "{tasks} {together}")?;
        let seconds: f64 = self.answer()?.parse()?;
        Ok(Duration::from_secs_f64(seconds))
    }

    fn answer(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        match line.trim() {
            "" => Err("it ended before its time".into()),
            line => Ok(line.to_owned()),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        for process in [&mut self.driver, &mut self.workers] {
            // Asked, so that it ends its own processes. It may have ended by itself; there is nothing more to do then.
            let id = i32::try_from(process.id()).ok().and_then(Pid::from_raw);
            let _ = id.map(|id| kill_process(id, Signal::TERM));
            let _ = process.wait();
        }
    }
}
