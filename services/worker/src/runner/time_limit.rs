//! How long an attempt may take.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

/// How long an attempt may take. It stands still while the attempt waits for its turn: nobody's task fails because somebody
/// else has much to do.
#[derive(Debug)]
pub struct TimeLimit {
    /// When it passes; `None` while it stands still.
    end: watch::Sender<Option<Instant>>,
}

impl TimeLimit {
    /// Passes that long from now.
    pub(crate) fn new(length: Duration) -> Self {
        // One that no clock reaches is none.
        let end = Instant::now().checked_add(length);
        Self {
            end: watch::Sender::new(end),
        }
    }

    /// Waits for something that others hold now, such as a core. Not to be used for two waits at once.
    pub async fn apart<T>(&self, turn: impl Future<Output = T>) -> T {
        let begin = Instant::now();
        let end = self.end.send_replace(None);
        let got = turn.await;
        self.end
            .send_replace(end.and_then(|end| end.checked_add(begin.elapsed())));
        got
    }

    /// Waits until it has passed.
    pub(crate) async fn passed(&self) {
        let mut changes = self.end.subscribe();
        loop {
            let end = *changes.borrow_and_update();
            let changed = changes.changed();
            match end {
                Some(end) => {
                    if timeout_at(end, changed).await.is_err() {
                        return;
                    }
                }
                // Cannot fail while `self` is here.
                None => drop(changed.await),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Duration = Duration::from_secs(10);
    const WAIT: Duration = Duration::from_secs(3600);

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_turn_takes_no_time() {
        let (start, limit) = (Instant::now(), TimeLimit::new(LENGTH));
        let attempt = async {
            tokio::time::sleep(LENGTH / 2).await;
            limit.apart(tokio::time::sleep(WAIT)).await;
            std::future::pending().await
        };
        tokio::select! {
            () = attempt => {}
            () = limit.passed() => {}
        }
        // A timer is a millisecond late at most.
        let late = start.elapsed().saturating_sub(LENGTH + WAIT);
        assert!(start.elapsed() >= LENGTH + WAIT && late < LENGTH / 10);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_limit_is_none() {
        let limit = TimeLimit::new(Duration::MAX);
        limit.apart(async {}).await;
        assert!(tokio::time::timeout(WAIT, limit.passed()).await.is_err());
    }
}
