//! The store in SQL, the same for every engine.

use async_trait::async_trait;
use pupila_core::{IdempotencyKey, ImageId, Listing, Page, PredictionId, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{PredictionStore, caller, erase, image_label, review, row, select, statistics};
use crate::{HistoryError, Prediction, PredictionFilter, Review, Statistics};

/// The tables `predictions`, `reviews`, `image_labels` and `callers`.
pub(super) struct SqlStore<DB: Dialect> {
    pools: Pools<DB>,
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) fn new(pools: Pools<DB>) -> Self {
        Self { pools }
    }

    async fn insert(
        &self,
        prediction: &Prediction,
        key: Option<&IdempotencyKey>,
    ) -> Result<(), HistoryError> {
        let insert = || row::insert::<DB>(prediction, key);
        if self.try_insert(prediction, insert()?).await? {
            return Ok(());
        }
        // The caller's first prediction, or one after their last.
        caller::welcome(&self.pools, prediction.caller).await?;
        let inserted = self.try_insert(prediction, insert()?).await?;
        inserted.then_some(()).ok_or(HistoryError::Erased)
    }

    /// `false` where the caller is not known, or erased.
    async fn try_insert(
        &self,
        prediction: &Prediction,
        insert: Statement<DB>,
    ) -> Result<bool, DatabaseError> {
        let Some(insert_label) = image_label::insert::<DB>(prediction) else {
            // Every answer waits for this, and one statement is a transaction already.
            let mut writer = self.pools.writer().await?;
            return Ok(insert.rows_affected(&mut writer).await? == 1);
        };
        let mut transaction = self.pools.transaction().await?;
        if insert.rows_affected(&mut transaction).await? == 0 {
            // Now, and not some time after it is dropped: a row of the caller's may be made next.
            transaction.rollback().await?;
            return Ok(false);
        }
        insert_label.execute(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The one prediction that a statement finds.
    async fn one(&self, select: Statement<DB>) -> Result<Option<Prediction>, HistoryError> {
        let mut reader = self.pools.reader().await?;
        let found = select.fetch_optional(&mut reader).await?;
        found.as_ref().map(row::read).transpose()
    }
}

#[async_trait]
impl<DB: Dialect> PredictionStore for SqlStore<DB> {
    async fn record(
        &self,
        prediction: &Prediction,
        key: Option<&IdempotencyKey>,
    ) -> Result<Option<Prediction>, HistoryError> {
        match (self.insert(prediction, key).await, key) {
            (Ok(()), _) => Ok(None),
            (Err(HistoryError::Store(error)), Some(key)) if error.is_unique_violation() => {
                let first = self.find_by_key(prediction.caller, key).await?;
                first.map(Some).ok_or(HistoryError::Store(error))
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn find(
        &self,
        caller: UserId,
        id: PredictionId,
    ) -> Result<Option<Prediction>, HistoryError> {
        let select = row::select()
            .push(" WHERE predictions.id = ? AND caller = ?")
            .bind(id.as_uuid())
            .bind(caller.as_uuid());
        self.one(select).await
    }

    async fn find_by_key(
        &self,
        caller: UserId,
        key: &IdempotencyKey,
    ) -> Result<Option<Prediction>, HistoryError> {
        let select = row::select()
            .push(" WHERE caller = ? AND idempotency_key = ?")
            .bind(caller.as_uuid())
            .bind(key.as_str().to_owned());
        self.one(select).await
    }

    async fn list(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
        page: Page,
    ) -> Result<Listing<Prediction>, HistoryError> {
        let select = select::page(Statement::<DB>::new(row::COLUMNS), caller, filter, page);
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

    async fn review(&self, prediction: &Prediction, review: &Review) -> Result<(), HistoryError> {
        let mut transaction = self.pools.transaction().await?;
        if caller::is_erased::<DB>(&mut transaction, prediction.caller).await? {
            return Err(HistoryError::Erased);
        }
        if !review::append::<DB>(&mut transaction, prediction, review).await? {
            return Err(HistoryError::NotFound(prediction.id));
        }
        image_label::relabel::<DB>(prediction, &review.label)
            .execute(&mut transaction)
            .await?;
        Ok(transaction.commit().await.map_err(DatabaseError::from)?)
    }

    async fn labelled_images(
        &self,
        caller: UserId,
        label: &str,
        page: Page,
    ) -> Result<Listing<ImageId>, HistoryError> {
        let select = Statement::<DB>::new(image_label::SELECT);
        let select = image_label::page(select, caller, label, page);
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        Ok(image_label::read(&rows, page)?)
    }

    async fn bar(&self, caller: UserId) -> Result<(), HistoryError> {
        Ok(caller::bar(&self.pools, caller).await?)
    }

    async fn erase_some(&self, caller: UserId) -> Result<bool, HistoryError> {
        let mut writer = self.pools.writer().await?;
        Ok(erase::batch::<DB>(&mut writer, caller).await?)
    }
}
