//! One process of the product.

use std::{
    collections::BTreeMap,
    env, fs,
    fs::OpenOptions,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use crate::{setup::variable, waiting::eventually};

/// A program with its settings, running or not. It is killed when the value goes.
#[derive(Debug)]
pub struct Program {
    name: String,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    /// Where it serves `/readyz`.
    admin: u16,
    log: PathBuf,
    child: Option<Child>,
}

/// The path of one of the product's programs, which Cargo puts beside the folder of the tests.
///
/// # Panics
/// It is not built.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("the build folder");
    let program = folder.join(name);
    let hint = "is not built: run `cargo build --workspace --bins`, or `make test`";
    assert!(program.is_file(), "{} {hint}", program.display());
    program
}

impl Program {
    pub(crate) fn new(
        name: &str,
        arguments: Vec<String>,
        environment: BTreeMap<String, String>,
        admin: u16,
        folder: &Path,
    ) -> Self {
        Self {
            name: name.to_owned(),
            arguments,
            environment,
            admin,
            log: folder.join(format!("{name}.log")),
            child: None,
        }
    }

    /// Starts it, and returns when it is ready.
    ///
    /// # Panics
    /// It ends instead.
    pub async fn start(&mut self) {
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.expect("a log file");
        let child = Command::new(program(&self.name))
            .args(&self.arguments)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log file again"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn();
        self.child = Some(child.expect("started"));
        let readiness = format!("http://127.0.0.1:{}/readyz", self.admin);
        eventually(&self.name.clone(), async || {
            let ended = self
                .child
                .as_mut()
                .and_then(|child| child.try_wait().ok().flatten());
            assert!(ended.is_none(), "{} ended: {}", self.name, self.log());
            let answer = reqwest::get(&readiness).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// SIGKILL: it gets no chance to finish anything.
    ///
    /// # Panics
    /// It does not run.
    pub async fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().await.expect("killed");
    }

    /// SIGTERM: it may finish. Answers how it ended.
    ///
    /// # Panics
    /// It does not run.
    pub async fn terminate(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it runs");
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(Pid::from_raw).expect("an id");
        kill_process(id, Signal::TERM).expect("told");
        child.wait().await.expect("it ended")
    }

    /// The value of one of its settings, such as `server.listen`.
    pub(crate) fn setting(&self, key: &str) -> Option<&str> {
        self.environment.get(&variable(key)).map(String::as_str)
    }

    /// Where it serves `/readyz` and the like.
    pub(crate) fn admin_port(&self) -> u16 {
        self.admin
    }

    /// Everything that it has printed.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The memory that it holds, in bytes (`VmRSS` of proc(5)).
    ///
    /// # Panics
    /// It does not run.
    #[must_use]
    pub fn resident_memory(&self) -> u64 {
        let id = self.child.as_ref().and_then(Child::id).expect("it runs");
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kilobytes
            .and_then(|text| text.parse::<u64>().ok())
            .expect("a number")
            * 1024
    }
}
