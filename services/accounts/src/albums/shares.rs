//! What is shared with somebody.

use pupila_core::ImageId;
use pupila_db::Dialect;

use super::{AlbumError, Albums, OwnedImage, Reader, limits, store::share};

impl<DB: Dialect> Albums<DB> {
    /// Those of `images` that were added by their owner to an album that the reader may see.
    ///
    /// # Errors
    /// More of them than a call may name.
    pub(crate) async fn check_shares(
        &self,
        reader: Reader,
        images: &[OwnedImage],
    ) -> Result<Vec<ImageId>, AlbumError> {
        limits::check_images("images", 0, images.len())?;
        if images.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let mut connection = self.0.pools.reader().await?;
        Ok(share::shared::<DB>(&mut connection, images, reader, now).await?)
    }
}
