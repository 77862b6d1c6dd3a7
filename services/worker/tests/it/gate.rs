//! A place in a service where calls wait for the story.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// A place where calls wait while it is shut. Its clones are one.
#[derive(Clone)]
pub(crate) struct Gate {
    is_open: watch::Sender<bool>,
    reached: Arc<Notify>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            is_open: watch::Sender::new(true),
            reached: Arc::default(),
        }
    }
}

impl Gate {
    pub(crate) fn shut(&self) {
        self.is_open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.is_open.send_replace(true);
    }

    /// Waits until a call waits.
    pub(crate) async fn reached(&self) {
        self.reached.notified().await;
    }

    /// For the service.
    pub(crate) async fn pass(&self) {
        let mut is_open = self.is_open.subscribe();
        if !*is_open.borrow() {
            self.reached.notify_one();
        }
        let _ = is_open.wait_for(|is_open| *is_open).await;
    }
}
