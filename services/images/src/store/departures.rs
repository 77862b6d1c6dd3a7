//! The rows of departures.

use async_trait::async_trait;
use pupila_core::ImageId;
use pupila_db::{DatabaseError, Dialect, Statement};

use super::{DepartureStore, sql::SqlStore};

#[async_trait]
impl<DB: Dialect> DepartureStore for SqlStore<DB> {
    async fn departures(&self, most: u32) -> Result<Vec<ImageId>, DatabaseError> {
        let select =
            Statement::<DB>::new("SELECT image_id FROM departures ORDER BY image_id LIMIT ?")
                .bind(i64::from(most));
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        let ids = rows
            .iter()
            .map(|row| row.get("image_id").map(ImageId::from_uuid));
        ids.collect()
    }

    async fn told(&self, ids: &[ImageId]) -> Result<(), DatabaseError> {
        let delete = Statement::<DB>::new("DELETE FROM departures")
            .push_list(" WHERE image_id IN", ids.iter().map(ImageId::as_uuid));
        let mut writer = self.pools.writer().await?;
        delete.execute(&mut writer).await
    }
}
