//! BullMQ: one worker that has as many jobs at once as ours.

use std::process::Command;

use super::peer::Peer;
use crate::{Failure, node};

const PACKAGE: &str = include_str!("../../bullmq/package.json");
const SCRIPT: &str = include_str!("../../bullmq/noop.mjs");

/// Starts it on a Redis.
///
/// # Errors
/// No npm, no Node.js, or no registry that has it.
pub(super) fn start(redis_port: u16) -> Result<Peer, Failure> {
    let folder = node::folder("bullmq", PACKAGE, ("noop.mjs", SCRIPT))?;
    let [mut workers, mut driver] = ["work", "drive"].map(|role| {
        let mut node = Command::new("node");
        node.args(["noop.mjs", role, &redis_port.to_string()]);
        node.current_dir(&folder);
        node
    });
    Peer::start(&mut workers, &mut driver)
}
