//! The program itself, before it serves.

use std::process::Command;

/// Else it would take jobs in and be ready, while no worker hears of them.
#[test]
fn without_a_queue_that_workers_reach_it_does_not_start() {
    let program = env!("CARGO_BIN_EXE_pupila-history");
    let ended = Command::new(program)
        .env_clear()
        .env(
            "PUPILA_HISTORY__DATABASE__URL",
            "sqlite://nowhere/history.db",
        )
        .output()
        .expect("it ran");
    assert_eq!(ended.status.code(), Some(64));
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(told.contains("queue.url: must be set"), "{told}");
}
