//! All predictions of a filter as a stream, page by page: a slow reader holds one page in memory and, between
//! two pages, no connection and no lock.

use std::{collections::VecDeque, sync::Arc};

use futures_util::stream::{self, BoxStream, StreamExt as _};
use pupila_core::{Page, UserId};

use crate::{HistoryError, Prediction, PredictionFilter, PredictionStore};

struct Export {
    store: Arc<dyn PredictionStore>,
    caller: UserId,
    filter: PredictionFilter,
    read: VecDeque<Prediction>,
    /// `None` after the last page.
    page: Option<Page>,
}

/// Reads the first page before it answers, so that a store that is away is an error and no empty stream.
pub(crate) async fn stream(
    store: Arc<dyn PredictionStore>,
    caller: UserId,
    filter: PredictionFilter,
) -> Result<BoxStream<'static, Result<Prediction, HistoryError>>, HistoryError> {
    let mut export = Export {
        store,
        caller,
        filter,
        read: VecDeque::new(),
        page: Some(Page::LONGEST),
    };
    export.fill().await?;
    Ok(stream::try_unfold(export, Export::next).boxed())
}

impl Export {
    async fn next(mut self) -> Result<Option<(Prediction, Self)>, HistoryError> {
        if self.read.is_empty() {
            self.fill().await?;
        }
        Ok(self.read.pop_front().map(|prediction| (prediction, self)))
    }

    /// Reads the next page, if there is one.
    async fn fill(&mut self) -> Result<(), HistoryError> {
        if let Some(page) = self.page {
            let listing = self.store.list(self.caller, &self.filter, page).await?;
            self.read = listing.items.into();
            self.page = listing.next.map(|last| page.following(last));
        }
        Ok(())
    }
}
