//! The images of albums, and their order.

use pupila_core::{AlbumId, ImageId, Listing, Page, UserId};
use pupila_db::Dialect;

use super::{
    AlbumError, AlbumImage, AlbumRole, AlbumView, Albums, Reader, limits,
    store::{
        album, entering,
        leaving::{self, Behalf},
        moving, place, view,
    },
};
use crate::{account, again::again};

impl<DB: Dialect> Albums<DB> {
    /// Puts images at the end of an album: for its owner and editors. Those that are in it stay where they are; the
    /// user now shares them too, if they are theirs.
    ///
    /// # Errors
    /// No images or too many, or an album that would have too many.
    pub(crate) async fn add_images(
        &self,
        user: UserId,
        id: AlbumId,
        mut images: Vec<ImageId>,
    ) -> Result<AlbumView, AlbumError> {
        limits::check_images("image_ids", 1, images.len())?;
        without_repeats(&mut images);
        again(|| self.try_add(user, id, &images)).await
    }

    async fn try_add(
        &self,
        user: UserId,
        id: AlbumId,
        images: &[ImageId],
    ) -> Result<AlbumView, AlbumError> {
        let (mut transaction, view) = self.change(user, id, AlbumRole::Editor).await?;
        // Held, so that an account which is deleted meanwhile leaves nothing behind.
        account::hold_active::<DB>(&mut transaction, user).await?;
        let now = self.now();
        let album = entering::add::<DB>(&mut transaction, view.album, images, user, now).await?;
        transaction.commit().await?;
        Ok(AlbumView { album, ..view })
    }

    /// Takes an image out of an album: for its owner, editors, and whoever added it. The last may do so also where they
    /// see the album no more: what one shares one can take back. Where others added it too, it stays for them.
    ///
    /// # Errors
    /// An image that is not in the album.
    pub(crate) async fn remove_image(
        &self,
        user: UserId,
        id: AlbumId,
        image: ImageId,
    ) -> Result<(), AlbumError> {
        again(|| self.try_remove(user, id, image)).await
    }

    async fn try_remove(
        &self,
        user: UserId,
        id: AlbumId,
        image: ImageId,
    ) -> Result<(), AlbumError> {
        let now = self.now();
        let mut transaction = self.0.pools.transaction().await?;
        let album = album::lock::<DB>(&mut transaction, id).await?;
        let album = album.ok_or(AlbumError::NotFound(id))?;
        let view = view::find::<DB>(&mut transaction, id, Reader::User(user), now).await?;
        let edits = view.as_ref().map(|view| view.require(AlbumRole::Editor));
        let behalf = match edits {
            Some(Ok(())) => Behalf::Everybody,
            _ => Behalf::Adder(user),
        };
        let gone = leaving::leave::<DB>(&mut transaction, album, &[image], behalf, now).await?;
        if gone == 0 {
            let edits = edits.ok_or(AlbumError::NotFound(id))?;
            return Err(edits.err().unwrap_or(AlbumError::ImageNotFound(image)));
        }
        Ok(transaction.commit().await?)
    }

    /// Puts an image behind another one, or in front of all: for the album's owner and editors.
    ///
    /// # Errors
    /// Images that are not in the album, or are the same.
    pub(crate) async fn move_image(
        &self,
        user: UserId,
        id: AlbumId,
        image: ImageId,
        after: Option<ImageId>,
    ) -> Result<(), AlbumError> {
        if after == Some(image) {
            return Err(AlbumError::field("after_image_id", "must be another image"));
        }
        again(|| self.try_move(user, id, image, after)).await
    }

    async fn try_move(
        &self,
        user: UserId,
        id: AlbumId,
        image: ImageId,
        after: Option<ImageId>,
    ) -> Result<(), AlbumError> {
        let (mut transaction, view) = self.change(user, id, AlbumRole::Editor).await?;
        moving::relocate::<DB>(&mut transaction, id, image, after).await?;
        let count = view.album.image_count;
        let album = view.album.holding(count, self.now());
        album::update::<DB>(&album)
            .execute(&mut transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// A page of an album's images in its order; where `only` has any, of those among them.
    ///
    /// # Errors
    /// More of them than a call may name.
    pub(crate) async fn list_images(
        &self,
        reader: Reader,
        id: AlbumId,
        only: &[ImageId],
        page: Page,
    ) -> Result<Listing<AlbumImage>, AlbumError> {
        limits::check_images("image_ids", 0, only.len())?;
        self.find(reader, id).await?;
        let mut connection = self.0.pools.reader().await?;
        Ok(place::list::<DB>(&mut connection, id, only, page).await?)
    }

    /// Takes images that exist no more out of all albums. May be repeated.
    ///
    /// # Errors
    /// More of them than a call may name.
    pub(crate) async fn forget_images(&self, images: &[ImageId]) -> Result<(), AlbumError> {
        limits::check_images("image_ids", 0, images.len())?;
        loop {
            let mut connection = self.0.pools.reader().await?;
            let places = place::some_of::<DB>(&mut connection, images).await?;
            drop(connection);
            if places.is_empty() {
                return Ok(());
            }
            self.clear(&places, Behalf::Everybody).await?;
        }
    }

    /// Takes images out of albums, each album in a transaction of its own. `places` are sorted.
    pub(super) async fn clear(
        &self,
        places: &[(AlbumId, ImageId)],
        behalf: Behalf,
    ) -> Result<(), AlbumError> {
        for of_album in places.chunk_by(|one, next| one.0 == next.0) {
            let Some((id, _)) = of_album.first() else {
                continue;
            };
            let images: Vec<_> = of_album.iter().map(|place| place.1).collect();
            again(|| self.try_clear(*id, &images, behalf)).await?;
        }
        Ok(())
    }

    async fn try_clear(
        &self,
        id: AlbumId,
        images: &[ImageId],
        behalf: Behalf,
    ) -> Result<(), AlbumError> {
        let mut transaction = self.0.pools.transaction().await?;
        // An album that has gone took its images along.
        if let Some(album) = album::lock::<DB>(&mut transaction, id).await? {
            let now = self.now();
            leaving::leave::<DB>(&mut transaction, album, images, behalf, now).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Leaves each image where it is named first.
fn without_repeats(images: &mut Vec<ImageId>) {
    let mut seen = std::collections::HashSet::new();
    images.retain(|image| seen.insert(*image));
}
