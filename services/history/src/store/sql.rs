//! The store in SQL, the same for every engine.

use async_trait::async_trait;
use pupila_core::{Listing, Page, PredictionId, UserId};
use pupila_db::{Dialect, Pools, Statement};

use super::{PredictionStore, row, select, statistics};
use crate::{HistoryError, Prediction, PredictionFilter, Statistics};

/// The table `predictions`.
pub(super) struct SqlStore<DB: Dialect> {
    pools: Pools<DB>,
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) fn new(pools: Pools<DB>) -> Self {
        Self { pools }
    }
}

#[async_trait]
impl<DB: Dialect> PredictionStore for SqlStore<DB> {
    async fn record(&self, prediction: &Prediction) -> Result<(), HistoryError> {
        let insert = row::insert::<DB>(prediction)?;
        let mut writer = self.pools.writer().await?;
        Ok(insert.execute(&mut writer).await?)
    }

    async fn find(
        &self,
        caller: UserId,
        id: PredictionId,
    ) -> Result<Option<Prediction>, HistoryError> {
        let select = Statement::<DB>::new(row::SELECT)
            .push(" WHERE id = ? AND caller = ?")
            .bind(id.as_uuid())
            .bind(caller.as_uuid());
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        rows.first().map(row::read).transpose()
    }

    async fn list(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
        page: Page,
    ) -> Result<Listing<Prediction>, HistoryError> {
        let select = Statement::<DB>::new(row::SELECT);
        let select = select::page(select, caller, filter, page);
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        drop(reader);
        let predictions: Vec<_> = rows.iter().map(row::read).collect::<Result<_, _>>()?;
        Ok(page.cut(predictions, Prediction::cursor))
    }

    async fn statistics(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
    ) -> Result<Statistics, HistoryError> {
        let mut snapshot = self.pools.snapshot().await?;
        statistics::count::<DB>(&mut snapshot, caller, filter).await
    }
}
