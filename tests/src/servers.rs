//! Servers of one test's own, which it may take away.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

use crate::{free_port, waiting::eventually};

/// A MariaDB and a Redis of one test's own. They go with the value.
#[derive(Debug)]
pub struct OwnServers {
    mariadb: Server,
    redis: Server,
}

/// Where they are.
#[derive(Debug, Clone)]
pub(crate) struct ServerUrls {
    pub(crate) mariadb: String,
    pub(crate) redis: String,
}

impl OwnServers {
    /// Starts both.
    ///
    /// # Panics
    /// One is not installed or does not start.
    #[must_use]
    pub fn start() -> Self {
        Self {
            mariadb: Server::start("mariadb"),
            redis: Server::start("redis"),
        }
    }

    pub(crate) fn urls(&self) -> ServerUrls {
        ServerUrls {
            mariadb: self.mariadb.url.clone(),
            redis: self.redis.url.clone(),
        }
    }

    /// Kills MariaDB (SIGKILL) and starts it again with all that it committed.
    pub async fn restart_mariadb(&self) {
        self.mariadb.kill().await;
        self.mariadb.run("start");
    }

    /// Kills Redis (SIGKILL) and starts it again with nothing in it.
    pub async fn restart_redis_empty(&self) {
        self.stop_redis().await;
        self.start_redis();
    }

    /// Kills Redis (SIGKILL).
    pub async fn stop_redis(&self) {
        self.redis.kill().await;
    }

    /// Starts Redis again with nothing in it.
    pub fn start_redis(&self) {
        self.redis.run("start");
    }
}

/// One server, started by the script of the same name.
#[derive(Debug)]
struct Server {
    name: &'static str,
    port: u16,
    folder: TempDir,
    url: String,
}

impl Server {
    fn start(name: &'static str) -> Self {
        let mut server = Self {
            name,
            port: free_port(),
            // A socket's path may have 107 bytes.
            folder: tempfile::tempdir_in("/tmp").expect("a temporary folder"),
            url: String::new(),
        };
        server.url = server.run("start");
        server
    }

    /// Runs the script, and answers the last line that it prints.
    fn run(&self, command: &str) -> String {
        let script = format!("{}/{}.sh", env!("CARGO_MANIFEST_DIR"), self.name);
        let output = Command::new(script)
            .args([command, &self.port.to_string()])
            .arg(self.data())
            .output()
            .expect("the script ran");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {complaint}", self.name);
        let printed = String::from_utf8_lossy(&output.stdout);
        printed.lines().last().unwrap_or_default().to_owned()
    }

    async fn kill(&self) {
        let pid = process_id(&self.data().join(format!("{}.pid", self.name)));
        kill_process(pid, Signal::KILL).expect("killed");
        eventually(self.name, async || {
            test_kill_process(pid).is_err().then_some(())
        })
        .await;
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("stop");
    }
}

fn process_id(file: &Path) -> Pid {
    let text = fs::read_to_string(file).expect("the file with its process id");
    let id = text.trim().parse().ok();
    id.and_then(Pid::from_raw).expect("a process id")
}
