//! `sharp`, the library that most web services make thumbnails with: a process of Node.js that is asked for rounds.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Failure, process::cpu_time, round::Round};

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
        let folder = std::env::current_exe()?.with_file_name("../tools/sharp");
        install(&folder)?;
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

fn install(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("thumbnails.mjs"), SCRIPT)?;
    let package = folder.join("package.json");
    let is_installed = fs::read_to_string(&package).is_ok_and(|installed| installed == PACKAGE);
    if is_installed && folder.join("node_modules/sharp").exists() {
        return Ok(());
    }
    fs::write(package, PACKAGE)?;
    // No lock file: it would name the registry of whoever wrote it.
    let npm = Command::new("npm")
        .args(["install", "--no-package-lock", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()?;
    if !npm.success() {
        return Err(format!("npm cannot install sharp: {npm}").into());
    }
    Ok(())
}
