//! Albums: what is in them, in which order, and who may see them.
//!
//! Every change holds the album's row from its first statement to its end, so that rights, places, counts and limits
//! are those of one moment, whatever else happens.

mod album;
mod contents;
mod erase;
mod error;
mod grpc;
mod image;
mod lifecycle;
mod limits;
mod link;
mod links;
mod member;
mod members;
mod opening;
mod position;
mod shares;
mod store;

use std::sync::Arc;

use jiff::Timestamp;
use pupila_core::{AlbumId, UserId};
use pupila_db::Dialect;
use sqlx::Transaction;

use crate::accounts::Accounts;

pub(crate) use error::AlbumError;
pub(crate) use grpc::AlbumService;

use album::{Album, AlbumChange, AlbumRole, AlbumView, NewAlbum, Reader};
use image::{AlbumImage, OwnedImage};
use link::{Link, NewLink};
use member::{Member, MemberRole, WhichMember};
use store::view;

/// The rules of albums. Each concern has a file of its own with its part of them.
pub(crate) struct Albums<DB: Dialect>(Arc<Accounts<DB>>);

impl<DB: Dialect> Albums<DB> {
    /// The albums of `accounts`.
    pub(crate) fn new(accounts: Arc<Accounts<DB>>) -> Self {
        Self(accounts)
    }

    /// The time.
    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// An album as `reader` sees it.
    async fn find(&self, reader: Reader, id: AlbumId) -> Result<AlbumView, AlbumError> {
        let mut connection = self.0.pools.reader().await?;
        let view = view::find::<DB>(&mut connection, id, reader, self.now()).await?;
        view.ok_or(match reader {
            Reader::Guest(guest) if guest.album == id => AlbumError::LinkNotFound,
            _ => AlbumError::NotFound(id),
        })
    }

    /// Begins a change of an album by a user who may do what the role `least` may. Nobody else changes the album, nor
    /// the user's role, until the transaction ends.
    async fn change(
        &self,
        user: UserId,
        id: AlbumId,
        least: AlbumRole,
    ) -> Result<(Transaction<'static, DB>, AlbumView), AlbumError> {
        let mut transaction = self.0.pools.transaction().await?;
        let view = view::lock::<DB>(&mut transaction, id, user).await?;
        let view = view.ok_or(AlbumError::NotFound(id))?;
        view.require(least)?;
        Ok((transaction, view))
    }
}
