//! MariaDB and Redis, as the tests start them, in folders of this run's own.

use std::{net::TcpListener, path::PathBuf, process::Command};

use tempfile::TempDir;

use crate::Failure;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");

/// All servers. They go with the value.
pub(crate) struct Servers {
    /// Where a Redis listens that keeps everything in memory only.
    pub(crate) redis_port: u16,
    /// Where a Redis listens that answers once what it was told is on disk.
    pub(crate) lasting_redis_port: u16,
    /// A schema of history's.
    pub(crate) history_url: String,
    _mariadb: Server,
    _redis: [Server; 2],
}

impl Servers {
    /// Starts them.
    ///
    /// # Errors
    /// One is not installed or does not start.
    pub(crate) fn start() -> Result<Self, Failure> {
        let mariadb = Server::start("mariadb")?;
        let redis = [Server::start("redis")?, Server::start("redis")?];
        let [redis_port, lasting_redis_port] = redis.each_ref().map(|redis| redis.port);
        // The setting that MariaDB has by itself, and the tests do not: a commit is on disk.
        run(Command::new("mariadb")
            .args(["--no-defaults", "--host=127.0.0.1", "--user=root"])
            .arg(format!("--port={}", mariadb.port))
            .arg(
                "--execute=CREATE DATABASE history CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; \
                 SET GLOBAL innodb_flush_log_at_trx_commit = 1",
            ))?;
        run(Command::new("redis-cli")
            .args(["-p", &lasting_redis_port.to_string()])
            .args([
                "config",
                "set",
                "appendonly",
                "yes",
                "appendfsync",
                "always",
            ]))?;
        Ok(Self {
            redis_port,
            lasting_redis_port,
            history_url: format!("mysql://root@127.0.0.1:{}/history", mariadb.port),
            _mariadb: mariadb,
            _redis: redis,
        })
    }
}

struct Server {
    script: PathBuf,
    port: u16,
    folder: TempDir,
}

impl Server {
    fn start(name: &str) -> Result<Self, Failure> {
        let server = Self {
            script: PathBuf::from(SCRIPTS).join(format!("{name}.sh")),
            port: free_port()?,
            folder: TempDir::new()?,
        };
        server.ask("start")?;
        Ok(server)
    }

    fn ask(&self, command: &str) -> Result<(), Failure> {
        run(Command::new(&self.script)
            .args([command, &self.port.to_string()])
            .arg(self.folder.path().join("data")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It goes with the machine otherwise.
        let _ = self.ask("stop");
    }
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let output = command.output()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    output
        .status
        .success()
        .then_some(())
        .ok_or_else(|| complaint.into_owned().into())
}

/// A port that nobody listens on now.
pub(super) fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
