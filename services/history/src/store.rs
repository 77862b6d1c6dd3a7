//! Where predictions are kept.

pub(crate) mod caller;
mod erase;
mod image_label;
mod path;
#[cfg(test)]
mod plan;
mod review;
mod row;
mod select;
mod sql;
mod statistics;

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::{IdempotencyKey, ImageId, Listing, Page, PredictionId, UserId};
use pupila_db::{Database, DatabaseError};

use crate::{HistoryError, Prediction, PredictionFilter, Review, Statistics};
use sql::SqlStore;

/// Keeps predictions. It has no way to change one, and none to delete one but with all of its caller's.
#[async_trait]
pub trait PredictionStore: Send + Sync {
    /// Stores a prediction without a review; once this answers, it outlives the process. Where `key` led to another
    /// one before, nothing is stored, and that one is the answer. `Erased` after the caller was barred.
    async fn record(
        &self,
        prediction: &Prediction,
        key: Option<&IdempotencyKey>,
    ) -> Result<Option<Prediction>, HistoryError>;

    /// One of the caller's predictions; `None` where it does not exist or is somebody else's.
    async fn find(
        &self,
        caller: UserId,
        id: PredictionId,
    ) -> Result<Option<Prediction>, HistoryError>;

    /// The caller's prediction that `key` led to.
    async fn find_by_key(
        &self,
        caller: UserId,
        key: &IdempotencyKey,
    ) -> Result<Option<Prediction>, HistoryError>;

    /// A page of the caller's predictions, the newest first; those of the same time by id, the highest first.
    async fn list(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
        page: Page,
    ) -> Result<Listing<Prediction>, HistoryError>;

    /// Counts over the caller's predictions, all of the same moment.
    async fn statistics(
        &self,
        caller: UserId,
        filter: &PredictionFilter,
    ) -> Result<Statistics, HistoryError>;

    /// Writes a review beside its prediction. It counts from now on. `NotFound` where the prediction is gone since,
    /// `Erased` after the caller was barred.
    async fn review(&self, prediction: &Prediction, review: &Review) -> Result<(), HistoryError>;

    /// The stored images of a page of the caller's predictions that count under `label`, the newest prediction first.
    /// A page has each image once, so it may be shorter than its size and not the last.
    async fn labelled_images(
        &self,
        caller: UserId,
        label: &str,
        page: Page,
    ) -> Result<Listing<ImageId>, HistoryError>;

    /// Waits for what is being recorded of the caller's, and keeps everything else of theirs out from now on.
    async fn bar(&self, caller: UserId) -> Result<(), HistoryError>;

    /// Deletes some of the caller's predictions and reviews, as many as hold nobody up. `false` when none are left.
    async fn erase_some(&self, caller: UserId) -> Result<bool, HistoryError>;
}

/// The store in `database`, brought up to date.
///
/// # Errors
/// The database cannot be migrated.
pub async fn open_store(database: &Database) -> Result<Arc<dyn PredictionStore>, DatabaseError> {
    let migrations = sqlx::migrate!("../../migrations/history");
    database.migrate(&migrations).await?;
    Ok(match database {
        Database::MySql(pools) => Arc::new(SqlStore::new(pools.clone())),
        Database::Sqlite(pools) => Arc::new(SqlStore::new(pools.clone())),
    })
}
