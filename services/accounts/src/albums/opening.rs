//! Opening share links.

use jiff::Timestamp;
use pupila_core::Guest;
use pupila_db::Dialect;
use serde_json::json;

use super::{
    AlbumError, Albums, limits,
    link::{KnownLink, PREFIX},
    store::link,
};
use crate::{
    audit::{self, Action},
    origin::Origin,
    passwords::Verdict,
    secret::Secret,
    throttle::{Lock, Visit},
};

impl<DB: Dialect> Albums<DB> {
    /// Opens a share link with its token and, where it has one, its password; others are not looked at. What the link
    /// shows is decided anew at every call of the guest's.
    ///
    /// # Errors
    /// `LINK_NOT_FOUND` for a token of no link, and for links that have ended; `LINK_PASSWORD_WRONG`;
    /// `TOO_MANY_ATTEMPTS`.
    pub(crate) async fn open_link(
        &self,
        token: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<Guest, AlbumError> {
        let token = Secret::from_text(PREFIX, token).ok_or(AlbumError::LinkNotFound)?;
        let visit = self.0.throttle.visit(origin).await?;
        let mut connection = self.0.pools.reader().await?;
        let known = link::known::<DB>(&mut connection, &token.digest()).await?;
        drop(connection);
        let known = known.filter(|link| link.holds(origin.time));
        let known = known.ok_or(AlbumError::LinkNotFound)?;
        self.0.throttle.opening(&visit, origin.time).await?;
        let renewed = self.unlock(&known, password, visit, origin).await?;

        let Guest { link, album } = known.guest;
        let mut transaction = self.0.pools.transaction().await?;
        let first_in_minute = link::used::<DB>(link, minute(origin.time))
            .rows_affected(&mut transaction)
            .await?;
        if let Some(hash) = renewed {
            link::rehashed::<DB>(link, hash)
                .execute(&mut transaction)
                .await?;
        }
        // A line a minute: whoever has a link must not be able to fill the record.
        if first_in_minute == 1 {
            let detail = json!({"link": link});
            let opened = Action::AlbumLinkOpened;
            audit::record::<DB>(&mut transaction, origin, opened, album, detail).await?;
        }
        transaction.commit().await?;
        Ok(known.guest)
    }

    /// Compares a link's password, if it has one; a newer hash of it where there should be one.
    async fn unlock(
        &self,
        known: &KnownLink,
        password: &str,
        visit: Visit,
        origin: &Origin,
    ) -> Result<Option<String>, AlbumError> {
        let Some(hash) = &known.password_hash else {
            self.0.throttle.welcome(visit).await?;
            return Ok(None);
        };
        // No guess at all: how one learns that there is a password.
        if !limits::is_link_password(password) {
            self.0.throttle.welcome(visit).await?;
            return Err(AlbumError::LinkPassword);
        }
        let place = self.0.passwords.place()?;
        let lock = Lock::Link(known.guest.link);
        let attempt = self.0.throttle.attempt(lock, visit, origin.time).await?;
        match place.verify(password, Some(hash)).await? {
            Verdict::Right { renewed } => {
                self.0.throttle.succeeded(attempt).await?;
                Ok(renewed)
            }
            Verdict::Wrong => {
                let Guest { link, album } = known.guest;
                let detail = json!({"link": link});
                let refused = Action::AlbumLinkRefused;
                let mut writer = self.0.pools.writer().await?;
                audit::record::<DB>(&mut writer, origin, refused, album, detail).await?;
                Err(AlbumError::LinkPassword)
            }
        }
    }
}

/// The time, to the minute.
fn minute(time: Timestamp) -> Timestamp {
    let seconds = time.as_second();
    // A minute that began stays in range.
    Timestamp::from_second(seconds - seconds.rem_euclid(60)).unwrap_or(time)
}
