//! Where predictions are kept.

#[cfg(test)]
mod plan;
mod row;
mod select;
mod sql;
mod statistics;

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::{Listing, Page, PredictionId, UserId};
use pupila_db::{Database, DatabaseError};

use crate::{HistoryError, Prediction, PredictionFilter, Statistics};
use sql::SqlStore;

/// Keeps predictions. It has no way to change or delete one.
#[async_trait]
pub trait PredictionStore: Send + Sync {
    /// Stores a prediction; once this answers, it outlives the process.
    async fn record(&self, prediction: &Prediction) -> Result<(), HistoryError>;

    /// One of the caller's predictions; `None` where it does not exist or is somebody else's.
    async fn find(
        &self,
        caller: UserId,
        id: PredictionId,
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
