//! The end of a user.

use pupila_core::{AlbumId, UserId};
use pupila_db::Dialect;

use super::{
    AlbumError, Albums,
    store::{album, leaving::Behalf, member, place},
};
use crate::again::again;

impl<DB: Dialect> Albums<DB> {
    /// Deletes all that albums keep of a user: their albums with everything in them, their memberships, and what they
    /// added to the albums of others. Done in small steps; whatever stops it, calling it again goes on.
    pub(crate) async fn erase_user(&self, user: UserId) -> Result<(), AlbumError> {
        self.erase_albums(user).await?;
        let mut writer = self.0.pools.writer().await?;
        member::delete_of::<DB>(user).execute(&mut writer).await?;
        drop(writer);
        self.erase_added(user).await
    }

    async fn erase_albums(&self, owner: UserId) -> Result<(), AlbumError> {
        loop {
            let mut connection = self.0.pools.reader().await?;
            let albums = album::some_of::<DB>(&mut connection, owner).await?;
            drop(connection);
            if albums.is_empty() {
                return Ok(());
            }
            for id in albums {
                again(|| self.try_erase(id)).await?;
            }
        }
    }

    async fn try_erase(&self, id: AlbumId) -> Result<(), AlbumError> {
        let mut writer = self.0.pools.writer().await?;
        Ok(album::delete::<DB>(id).execute(&mut writer).await?)
    }

    async fn erase_added(&self, user: UserId) -> Result<(), AlbumError> {
        loop {
            let mut connection = self.0.pools.reader().await?;
            let places = place::some_added_by::<DB>(&mut connection, user).await?;
            drop(connection);
            if places.is_empty() {
                return Ok(());
            }
            self.clear(&places, Behalf::Adder(user)).await?;
        }
    }
}
