//! The program itself, before it works.

use std::process::Command;

/// Else it would wait for ever, for a bell that nobody else reaches.
#[test]
fn without_a_queue_that_history_reaches_it_does_not_start() {
    let program = env!("CARGO_BIN_EXE_pupila-worker");
    let ended = Command::new(program).env_clear().output().expect("it ran");
    assert_eq!(ended.status.code(), Some(64));
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(told.contains("queue.url: must be set"), "{told}");
}
