//! Making, finding, changing and deleting albums.

use pupila_core::{AlbumId, Listing, Page, Revision, UserId};
use pupila_db::Dialect;
use serde_json::json;

use super::{
    Album, AlbumChange, AlbumError, AlbumRole, AlbumView, Albums, NewAlbum, Reader, limits,
    store::{album, place, sql::counted, view},
};
use crate::{
    AccountsError, account,
    again::again,
    audit::{self, Action},
    once::Once,
    origin::Origin,
};

impl<DB: Dialect> Albums<DB> {
    /// Makes an album. A repeated call with the same key finds what the first one made.
    ///
    /// # Errors
    /// Fields that cannot be, a key that another request had, or more albums than a user may have.
    pub(crate) async fn create(
        &self,
        owner: UserId,
        new: NewAlbum,
        once: Option<Once>,
    ) -> Result<AlbumView, AlbumError> {
        new.check()?;
        let made = new.made_by(owner, self.now());
        let mut transaction = self.0.pools.transaction().await?;
        // Held, so that nobody else makes an album of theirs meanwhile, and an account which is deleted leaves nothing.
        account::hold_active::<DB>(&mut transaction, owner).await?;
        let insert = album::insert::<DB>(&made, once.as_ref());
        let album = match (insert.execute(&mut transaction).await, once) {
            (Ok(()), _) => {
                let count = album::count::<DB>(owner);
                if counted::<DB>(&mut transaction, count).await? > limits::ALBUMS {
                    return Err(AlbumError::TooMany);
                }
                transaction.commit().await?;
                made
            }
            (Err(error), Some(once)) if error.is_unique_violation() => {
                let before = album::made_with::<DB>(&mut transaction, owner, &once.key).await?;
                let same = before.filter(|(_, digest)| *digest == once.digest);
                same.ok_or(AccountsError::IdempotencyKeyReused)?.0
            }
            (Err(error), _) => return Err(error.into()),
        };
        Ok(AlbumView {
            album,
            role: AlbumRole::Owner,
        })
    }

    /// One album.
    ///
    /// # Errors
    /// `ALBUM_NOT_FOUND` where the reader may not see it.
    pub(crate) async fn get(&self, reader: Reader, id: AlbumId) -> Result<AlbumView, AlbumError> {
        self.find(reader, id).await
    }

    /// A page of the albums that a user owns or was let into, the newest first.
    pub(crate) async fn list(
        &self,
        user: UserId,
        page: Page,
    ) -> Result<Listing<AlbumView>, AlbumError> {
        let mut snapshot = self.0.pools.snapshot().await?;
        Ok(view::list::<DB>(&mut snapshot, user, page).await?)
    }

    /// Changes an album: for its owner and editors.
    ///
    /// # Errors
    /// Fields that cannot be, a cover that is not in the album, or another revision than the expected one.
    pub(crate) async fn update(
        &self,
        user: UserId,
        id: AlbumId,
        change: AlbumChange,
        expected: Option<Revision>,
    ) -> Result<AlbumView, AlbumError> {
        change.check()?;
        let (mut transaction, view) = self.change(user, id, AlbumRole::Editor).await?;
        expect(&view.album, expected)?;
        if let Some(Some(cover)) = change.cover
            && !place::has::<DB>(&mut transaction, id, cover).await?
        {
            let rule = "must be an image of the album";
            return Err(AlbumError::field("cover_image_id", rule));
        }
        let album = view.album.changed(change, self.now());
        album::update::<DB>(&album)
            .execute(&mut transaction)
            .await?;
        transaction.commit().await?;
        Ok(AlbumView { album, ..view })
    }

    /// Deletes an album and all that belongs to it, not the images: for its owner.
    ///
    /// # Errors
    /// Another revision than the expected one.
    pub(crate) async fn delete(
        &self,
        user: UserId,
        id: AlbumId,
        expected: Option<Revision>,
        origin: &Origin,
    ) -> Result<(), AlbumError> {
        again(|| self.try_delete(user, id, expected, origin)).await
    }

    async fn try_delete(
        &self,
        user: UserId,
        id: AlbumId,
        expected: Option<Revision>,
        origin: &Origin,
    ) -> Result<(), AlbumError> {
        let (mut transaction, view) = self.change(user, id, AlbumRole::Owner).await?;
        expect(&view.album, expected)?;
        album::delete::<DB>(id).execute(&mut transaction).await?;
        let deleted = Action::AlbumDeleted;
        audit::record::<DB>(&mut transaction, origin, deleted, id, json!({})).await?;
        Ok(transaction.commit().await?)
    }
}

fn expect(album: &Album, expected: Option<Revision>) -> Result<(), AlbumError> {
    match expected {
        Some(expected) if expected != album.revision => Err(AccountsError::RevisionMismatch.into()),
        _ => Ok(()),
    }
}
