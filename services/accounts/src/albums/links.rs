//! Share links of albums.

use pupila_core::{AlbumId, LinkId, Listing, Page, User, UserId};
use pupila_db::Dialect;
use serde_json::json;

use super::{
    AlbumError, AlbumRole, Albums, Link, NewLink, Reader, limits,
    link::{LinkLock, PREFIX},
    store::{link, sql::counted},
};
use crate::{
    AccountsError,
    again::again,
    audit::{self, Action},
    once::Once,
    origin::Origin,
    secret::Secret,
    session,
};

impl<DB: Dialect> Albums<DB> {
    /// Makes a share link of an album: for its owner. Answers the link, and its token, which is told nobody ever again.
    ///
    /// # Errors
    /// Fields that cannot be, more links than an album may have, or a key that a call before had; an owner whose
    /// account or session has ended.
    pub(crate) async fn create_link(
        &self,
        user: &User,
        id: AlbumId,
        new: NewLink,
        once: Option<Once>,
        origin: &Origin,
    ) -> Result<(Link, String), AlbumError> {
        new.check(origin.time)?;
        // Whoever may not make links costs us no hash, and an album is not held while one is made.
        let view = self.find(Reader::User(user.id), id).await?;
        view.require(AlbumRole::Owner)?;
        let password_hash = match &new.password {
            Some(password) => Some(self.0.passwords.place()?.hash(password).await?),
            None => None,
        };
        let token = Secret::generate()?;
        let link = new.made_at(origin.time);
        let lock = LinkLock {
            token: token.digest(),
            password_hash,
        };
        again(|| self.try_create_link(user, id, &link, &lock, once.as_ref(), origin)).await?;
        Ok((link, token.to_text(PREFIX)))
    }

    async fn try_create_link(
        &self,
        user: &User,
        id: AlbumId,
        link: &Link,
        lock: &LinkLock,
        once: Option<&Once>,
        origin: &Origin,
    ) -> Result<(), AlbumError> {
        let (mut transaction, view) = self.change(user.id, id, AlbumRole::Owner).await?;
        session::hold_caller::<DB>(&mut transaction, user, origin.time).await?;
        let insert = link::insert::<DB>(&view.album, link, lock, once);
        match (insert.execute(&mut transaction).await, once) {
            (Ok(()), _) => {}
            (Err(error), Some(once)) if error.is_unique_violation() => {
                let before = link::made_with::<DB>(&mut transaction, user.id, &once.key).await?;
                return Err(AlbumError::Accounts(match before {
                    Some(digest) if digest == once.digest => AccountsError::AlreadyCreated,
                    _ => AccountsError::IdempotencyKeyReused,
                }));
            }
            (Err(error), _) => return Err(error.into()),
        }
        if counted::<DB>(&mut transaction, link::count(id)).await? > limits::LINKS {
            return Err(AlbumError::full("links", limits::LINKS));
        }
        let detail = json!({"link": link.id, "password": link.has_password});
        let created = Action::AlbumLinkCreated;
        audit::record::<DB>(&mut transaction, origin, created, id, detail).await?;
        Ok(transaction.commit().await?)
    }

    /// A page of an album's links, the newest first: for its owner.
    pub(crate) async fn list_links(
        &self,
        user: UserId,
        id: AlbumId,
        page: Page,
    ) -> Result<Listing<Link>, AlbumError> {
        let view = self.find(Reader::User(user), id).await?;
        view.require(AlbumRole::Owner)?;
        let mut connection = self.0.pools.reader().await?;
        Ok(link::list::<DB>(&mut connection, id, page).await?)
    }

    /// Ends a link: for the album's owner. Tokens that were given for it open nothing any more.
    ///
    /// # Errors
    /// `LINK_NOT_FOUND`.
    pub(crate) async fn delete_link(
        &self,
        user: UserId,
        id: AlbumId,
        link: LinkId,
        origin: &Origin,
    ) -> Result<(), AlbumError> {
        let (mut transaction, _) = self.change(user, id, AlbumRole::Owner).await?;
        let deleted = link::delete::<DB>(id, link)
            .rows_affected(&mut transaction)
            .await?;
        if deleted == 0 {
            return Err(AlbumError::LinkNotFound);
        }
        let detail = json!({"link": link});
        let deleted = Action::AlbumLinkDeleted;
        audit::record::<DB>(&mut transaction, origin, deleted, id, detail).await?;
        Ok(transaction.commit().await?)
    }
}
