//! MariaDB and Redis, as the tests start them, in a folder of this run's own.

use std::{net::TcpListener, path::PathBuf, process::Command};

use tempfile::TempDir;

use crate::Failure;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");

/// Both servers. They go with the value.
pub(crate) struct Servers {
    /// Where Redis listens.
    pub(crate) redis_port: u16,
    /// A schema of history's.
    pub(crate) history_url: String,
    _mariadb: Server,
    _redis: Server,
}

impl Servers {
    /// Starts them.
    ///
    /// # Errors
    /// One is not installed or does not start.
    pub(crate) fn start() -> Result<Self, Failure> {
        let mariadb = Server::start("mariadb")?;
        let redis = Server::start("redis")?;
        let made = Command::new("mariadb")
            .args(["--no-defaults", "--host=127.0.0.1", "--user=root"])
            .arg(format!("--port={}", mariadb.port))
            .arg("--execute=CREATE DATABASE history CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
            .status()?;
        if !made.success() {
            return Err("MariaDB takes no schema".into());
        }
        Ok(Self {
            redis_port: redis.port,
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
        server.run("start")?;
        Ok(server)
    }

    fn run(&self, command: &str) -> Result<(), Failure> {
        let output = Command::new(&self.script)
            .args([command, &self.port.to_string()])
            .arg(self.folder.path().join("data"))
            .output()?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        output
            .status
            .success()
            .then_some(())
            .ok_or_else(|| complaint.into_owned().into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It goes with the machine otherwise.
        let _ = self.run("stop");
    }
}

/// A port that nobody listens on now.
pub(super) fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
