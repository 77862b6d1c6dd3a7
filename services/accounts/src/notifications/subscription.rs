//! Browsers that take push messages (W3C Push API). Life cycle: subscribed, perhaps renewed many times, then ended by
//! the browser, by its user from elsewhere, by its push service, with the session that subscribed or renewed it last, or
//! by one too many that came later.

mod row;

use aws_lc_rs::agreement::{ECDH_P256, ParsedPublicKey, ParsedPublicKeyFormat, UnparsedPublicKey};
use jiff::Timestamp;
use pupila_core::{Digest, FieldViolation, PushSubscriptionId, User, UserId};
use pupila_db::Dialect;

use super::{NotificationError, Notifications, address::Address};
use crate::{AccountsError, again::again, session, session::device_name, violations::Violations};

pub(super) use row::{delete, delete_all, find, list};
pub(crate) use row::{forget_other_sessions, forget_session};

/// Most subscriptions of a user. Whoever adds one more ends the oldest: browsers forget theirs without saying so.
const MOST: usize = 20;
/// Bytes of an uncompressed point on P-256.
const POINT: usize = 65;
/// Bytes of a browser's authentication secret (RFC 8291, section 3.2).
const AUTH: usize = 16;

/// A browser's subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subscription {
    pub(super) id: PushSubscriptionId,
    /// Where the browser's push service takes messages, as the browser wrote it.
    pub(super) endpoint: String,
    /// The browser's public key.
    pub(super) p256dh: Vec<u8>,
    /// The secret that the browser shares with us.
    pub(super) auth: Vec<u8>,
    /// The device's User-Agent header.
    pub(super) user_agent: String,
    pub(super) create_time: Timestamp,
}

/// A subscription that can be.
pub(super) struct NewSubscription {
    endpoint: String,
    p256dh: Vec<u8>,
    auth: Vec<u8>,
    user_agent: String,
}

impl NewSubscription {
    /// Checks what a browser sent.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub(super) fn new(
        endpoint: String,
        p256dh: Vec<u8>,
        auth: Vec<u8>,
        user_agent: &str,
    ) -> Result<Self, AccountsError> {
        let mut violations = Violations::default();
        violations.keep(Address::of_push_service("endpoint", &endpoint));
        let rule = "must be an uncompressed point on P-256, 65 bytes";
        violations.require(is_point(&p256dh), "p256dh", rule);
        violations.require(auth.len() == AUTH, "auth", "must have 16 bytes");
        violations.finish()?;
        Ok(Self {
            endpoint,
            p256dh,
            auth,
            user_agent: device_name(user_agent),
        })
    }
}

/// Whether messages can be encrypted for it: a point that is not on the curve would tell our key.
fn is_point(bytes: &[u8]) -> bool {
    let key = UnparsedPublicKey::new(&ECDH_P256, bytes);
    bytes.len() == POINT
        && ParsedPublicKey::try_from(key)
            .is_ok_and(|key| key.format() == ParsedPublicKeyFormat::Uncompressed)
}

/// What is known of an endpoint, as it is looked up.
fn digest(endpoint: &str) -> Digest {
    Digest::of(endpoint.as_bytes())
}

impl Subscription {
    /// Where it leads.
    ///
    /// # Errors
    /// It was stored by a release that had other rules.
    pub(super) fn address(&self) -> Result<Address, FieldViolation> {
        Address::of_push_service("endpoint", &self.endpoint)
    }
}

impl<DB: Dialect> Notifications<DB> {
    /// The subscriptions of a user, the newest first.
    pub(super) async fn subscriptions(
        &self,
        user: UserId,
    ) -> Result<Vec<Subscription>, NotificationError> {
        let mut reader = self.accounts.pools.reader().await?;
        Ok(row::list::<DB>(&mut reader, user).await?)
    }

    /// Adds a browser, or renews it. One that another user subscribed with is this user's from now on: somebody else
    /// sits before it.
    ///
    /// # Errors
    /// `ACCOUNT_ENDED` or `SESSION_ENDED` for a token that outlives them.
    pub(super) async fn subscribe(
        &self,
        caller: &User,
        new: &NewSubscription,
    ) -> Result<Subscription, NotificationError> {
        again(|| self.try_subscribe(caller, new)).await
    }

    async fn try_subscribe(
        &self,
        caller: &User,
        new: &NewSubscription,
    ) -> Result<Subscription, NotificationError> {
        let now = self.now();
        let subscription = Subscription {
            id: PushSubscriptionId::new(now),
            endpoint: new.endpoint.clone(),
            p256dh: new.p256dh.clone(),
            auth: new.auth.clone(),
            user_agent: new.user_agent.clone(),
            create_time: now,
        };
        let mut transaction = self.accounts.pools.transaction().await?;
        session::hold_caller::<DB>(&mut transaction, caller, now).await?;
        // Browsers tell us of theirs at every visit. One that stays keeps its id, which routes are named by.
        let known = row::renew::<DB>(&mut transaction, caller, &subscription).await?;
        let subscription = match known {
            Some(subscription) => subscription,
            None => {
                row::end::<DB>(&mut transaction, &subscription.endpoint, None).await?;
                row::insert::<DB>(&mut transaction, caller, &subscription).await?;
                row::delete_beyond::<DB>(&mut transaction, caller.id, MOST).await?;
                subscription
            }
        };
        transaction.commit().await?;
        Ok(subscription)
    }

    /// Ends a browser's subscription of a user, if there is one.
    ///
    /// # Errors
    /// What can be no endpoint.
    pub(super) async fn end_browser(
        &self,
        user: UserId,
        endpoint: &str,
    ) -> Result<(), NotificationError> {
        let mut violations = Violations::default();
        violations.keep(Address::of_push_service("endpoint", endpoint));
        violations.finish()?;
        again(|| async {
            let mut writer = self.accounts.pools.writer().await?;
            Ok(row::end::<DB>(&mut writer, endpoint, Some(user)).await?)
        })
        .await
    }

    /// Ends a subscription of a user, on whatever device it is.
    ///
    /// # Errors
    /// `PUSH_SUBSCRIPTION_NOT_FOUND` where there is none, or it is somebody else's.
    pub(super) async fn end_subscription(
        &self,
        user: UserId,
        id: PushSubscriptionId,
    ) -> Result<(), NotificationError> {
        again(|| async {
            let mut writer = self.accounts.pools.writer().await?;
            match row::delete::<DB>(&mut writer, user, id).await? {
                true => Ok(()),
                false => Err(NotificationError::SubscriptionNotFound(id)),
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::agreement::PrivateKey;

    use super::*;

    fn point() -> Vec<u8> {
        let key = PrivateKey::generate(&ECDH_P256).expect("randomness");
        let point = key.compute_public_key().expect("a point");
        point.as_ref().to_vec()
    }

    #[test]
    fn only_points_on_the_curve_are_keys() {
        assert!(is_point(&point()));
        let mut beside = point();
        beside[64] ^= 1;
        let mut compressed = point();
        compressed.truncate(33);
        compressed[0] = 2;
        let mut hybrid = point();
        hybrid[0] = 6 + (hybrid[64] & 1);
        let zero = [&[4][..], &[0; 64]].concat();
        for bytes in [
            vec![],
            vec![0],
            vec![4; 65],
            beside,
            compressed,
            hybrid,
            zero,
        ] {
            assert!(!is_point(&bytes), "{bytes:?}");
        }
    }
}
