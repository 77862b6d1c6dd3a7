//! Celery with its result backend: one worker process a core.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread::available_parallelism,
};

use super::peer::Peer;
use crate::Failure;

const REQUIREMENTS: &str = include_str!("../../celery/requirements.txt");
const SCRIPT: &str = include_str!("../../celery/noop.py");

/// Starts it on a Redis.
///
/// # Errors
/// No Python with `venv`, or no index that has it.
pub(super) fn start(redis_port: u16) -> Result<Peer, Failure> {
    let folder = std::env::current_exe()?.with_file_name("../tools/celery");
    install(&folder)?;
    let command = |program: &str| {
        let mut command = Command::new(folder.join("venv/bin").join(program));
        command.current_dir(&folder);
        command.env("PORT", redis_port.to_string());
        command
    };
    let mut workers = command("celery");
    let cores = available_parallelism().map_or(1, usize::from).to_string();
    workers.args(["-A", "noop", "worker", "--loglevel=error", "-c", &cores]);
    Peer::start(&mut workers, command("python").arg("noop.py"))
}

fn install(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("noop.py"), SCRIPT)?;
    let wanted = folder.join("requirements.txt");
    let is_installed = fs::read_to_string(&wanted).is_ok_and(|installed| installed == REQUIREMENTS);
    if is_installed && folder.join("venv/bin/celery").exists() {
        return Ok(());
    }
    fs::write(&wanted, REQUIREMENTS)?;
    run(Command::new("python3").args(["-m", "venv", "venv"]), folder)?;
    let pip = folder.join("venv/bin/pip");
    run(
        Command::new(pip).args(["install", "--quiet", "-r", "requirements.txt"]),
        folder,
    )
}

fn run(command: &mut Command, folder: &Path) -> Result<(), Failure> {
    let status = command.current_dir(folder).stdout(Stdio::null()).status()?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| format!("{command:?}: {status}").into())
}
