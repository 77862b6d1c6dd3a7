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

pub(crate) fn stream(
    store: Arc<dyn PredictionStore>,
    caller: UserId,
    filter: PredictionFilter,
) -> BoxStream<'static, Result<Prediction, HistoryError>> {
    let export = Export {
        store,
        caller,
        filter,
        read: VecDeque::new(),
        page: Some(Page::LONGEST),
    };
    stream::try_unfold(export, Export::next).boxed()
}

impl Export {
    async fn next(mut self) -> Result<Option<(Prediction, Self)>, HistoryError> {
        if self.read.is_empty()
            && let Some(page) = self.page
        {
            let listing = self.store.list(self.caller, &self.filter, page).await?;
            self.read = listing.items.into();
            self.page = listing.next.map(|last| page.following(last));
        }
        Ok(self.read.pop_front().map(|prediction| (prediction, self)))
    }
}
