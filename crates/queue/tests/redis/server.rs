//! A Redis of a test's own, which it may break.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use pupila_core::ManualClock;
use pupila_queue::{Queue, QueueConfig, open};
use redis::{Client, Connection, FromRedisValue};
use tempfile::TempDir;

/// A Redis that ends with the value.
pub(crate) struct Server {
    port: u16,
    folder: TempDir,
    options: Vec<String>,
    process: Child,
}

impl Server {
    /// One that keeps nothing on disk.
    pub(crate) fn start() -> Self {
        Self::with(&["--save", "", "--appendonly", "no"])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        let port = free_port();
        Self::launched(port, [&["--port", &port.to_string()], options].concat())
    }

    /// Without TLS it cannot be reached.
    pub(crate) fn behind_tls(options: &[&str]) -> Self {
        let port = free_port();
        let door = ["--port", "0", "--tls-port", &port.to_string()];
        Self::launched(port, [&door, options].concat())
    }

    fn launched(port: u16, options: Vec<&str>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options: Vec<_> = options.into_iter().map(str::to_owned).collect();
        let process = launch(folder.path(), &options);
        Self {
            port,
            folder,
            options,
            process,
        }
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("it ends");
    }

    pub(crate) fn start_again(&mut self) {
        self.process = launch(self.folder.path(), &self.options);
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn config(&self) -> QueueConfig {
        QueueConfig::at(format!("redis://127.0.0.1:{}", self.port))
    }

    /// A queue on it.
    pub(crate) async fn queue(&self, clock: &Arc<ManualClock>) -> Arc<dyn Queue> {
        let queue = open(&self.config(), clock.clone()).await;
        queue.expect("open")
    }

    /// What an operator types.
    pub(crate) fn say<T: FromRedisValue>(&self, line: &str) -> T {
        let mut words = line.split_whitespace();
        let mut command = redis::cmd(words.next().expect("a command"));
        words.for_each(|word| {
            command.arg(word);
        });
        command.query(&mut self.connect()).expect(line)
    }

    fn connect(&self) -> Connection {
        let client = Client::open(("127.0.0.1", self.port));
        client
            .expect("a client")
            .get_connection()
            .expect("it answers")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.expect("a free port").port()
}

/// Starts it, and waits until it says that it is ready.
fn launch(folder: &Path, options: &[String]) -> Child {
    let mut process = Command::new("redis-server")
        .args(["--bind", "127.0.0.1"])
        .args(options)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server is installed");
    let output = process.stdout.take().expect("an output");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let ready = lines.any(|line| line.contains("Ready to accept connections"));
    assert!(ready, "redis-server does not start");
    process
}
