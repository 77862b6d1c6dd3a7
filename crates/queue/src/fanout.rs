//! Changes, to everybody in this process who watches.

use futures_util::{StreamExt as _, stream::BoxStream};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::Change;

/// How many changes a watcher may be behind before it misses some.
const BACKLOG: usize = 1024;

/// Tells every watcher in this process.
#[derive(Debug, Clone)]
pub(crate) struct Fanout(broadcast::Sender<Change>);

impl Fanout {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }

    /// Tells whoever watches now; perhaps nobody.
    pub(crate) fn tell(&self, change: Change) {
        let _ = self.0.send(change);
    }

    /// What is told from now on. Who is too slow misses some: watchers look by themselves too.
    pub(crate) fn watch(&self) -> BoxStream<'static, Change> {
        let changes = BroadcastStream::new(self.0.subscribe());
        changes.filter_map(async |change| change.ok()).boxed()
    }
}
