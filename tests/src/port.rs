//! Ports for programs that have to be told theirs.

use std::{
    net::{Ipv4Addr, TcpListener},
    process,
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the ephemeral ports of Linux (32768 and up): those the system gives to any connection of any test, and
/// so to somebody else between our choosing one and the program's listening on it.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;
/// The golden part of them. Whoever starts this far behind the one before is far from all who started lately, too.
const STRIDE: u16 = 7_417;

/// A port on 127.0.0.1 that nobody listens on, and that no other test of this run is given.
///
/// # Panics
/// There is none.
#[must_use]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = start(process::id());
    (0..COUNT)
        .map(|_| NEXT.fetch_add(1, Ordering::Relaxed) % COUNT)
        .map(|step| FIRST + (start + step) % COUNT)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a free port")
}

/// Where a run begins to look. Runs that began together have numbers next to each other, and thousands of ports each.
fn start(process: u32) -> u16 {
    let count = u64::from(COUNT);
    let start = u64::from(process) * u64::from(STRIDE) % count;
    u16::try_from(start).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_began_together_look_far_from_each_other() {
        for later in 1..=4 {
            let apart = start(1_000 + later).abs_diff(start(1_000));
            let apart = apart.min(COUNT - apart);
            assert!(apart > 1_500, "{later}: {apart}");
        }
    }
}
