//! Keys for programs. Life cycle: made, traded for access tokens many times, then revoked or expired. One that was
//! revoked is deleted.

mod row;

use jiff::{SignedDuration, Timestamp, Unit};
use pupila_core::{ApiKeyId, Caller, Cursor, Listing, Page, Role, Scope, Scopes, User, UserId};
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, State, scopes_of},
    audit::{self, Action},
    keys::AccessToken,
    once::Once,
    origin::Origin,
    registration::NAME,
    secret::Secret,
    session,
    violations::Violations,
};

pub(crate) use row::delete_all;

/// Tells people and scanners what it is.
const PREFIX: &str = "pupila_";
/// Characters of a key that are kept, to tell keys apart: the prefix and 30 bits.
const SHOWN: usize = PREFIX.len() + 5;
/// Most keys of a user.
const MOST: i64 = 100;

/// A key, as its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiKey {
    pub(crate) id: ApiKeyId,
    /// What its owner calls it.
    pub(crate) name: String,
    pub(crate) scopes: Scopes,
    /// Its first characters.
    pub(crate) prefix: String,
    pub(crate) create_time: Timestamp,
    /// `None` where it does not end.
    pub(crate) expire_time: Option<Timestamp>,
    /// To the minute; `None` where it was never used.
    pub(crate) last_use_time: Option<Timestamp>,
}

/// A key to make.
pub(crate) struct NewApiKey {
    pub(crate) name: String,
    pub(crate) scopes: Scopes,
    pub(crate) expire_time: Option<Timestamp>,
    pub(crate) once: Option<Once>,
}

impl NewApiKey {
    /// Checks what a user of that role sent at `now`.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub(crate) fn new(
        role: Role,
        name: &str,
        scopes: &[String],
        expire_time: Option<Timestamp>,
        idempotency_key: &str,
        now: Timestamp,
    ) -> Result<Self, AccountsError> {
        let mut violations = Violations::default();
        let name = name.trim();
        violations.require_text("name", name, NAME);
        let ends_later = expire_time.is_none_or(|end| end > now);
        violations.require(ends_later, "expire_time", "must be in the future");
        let scopes = scopes.iter().map(|scope| scope.parse::<Scope>());
        let scopes: Option<Scopes> = violations.take("scopes", scopes.collect());
        if let Some(scopes) = scopes {
            check_scopes(&mut violations, scopes, role);
        }
        let end = expire_time.map(|end| end.as_microsecond());
        let scopes = scopes.unwrap_or_default();
        let content = json!([name, scopes.to_string(), end]).to_string();
        let once = Once::new(idempotency_key, content.as_bytes());
        let once = violations.keep(once);
        violations.finish()?;
        Ok(Self {
            name: name.to_owned(),
            scopes,
            expire_time,
            once: once.flatten(),
        })
    }
}

fn check_scopes(violations: &mut Violations, scopes: Scopes, role: Role) {
    let some = scopes.iter().next().is_some();
    violations.require(some, "scopes", "must have at least one");
    let no_write = !scopes.contain(Scope::AccountWrite);
    violations.require(no_write, "scopes", "account:write is no API key's");
    let may_admin = !scopes.contain(Scope::Admin) || role == Role::Admin;
    violations.require(may_admin, "scopes", "admin is for administrators only");
}

impl ApiKey {
    /// Its place in a list.
    fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}

impl<DB: Dialect> Accounts<DB> {
    /// Makes a key, and tells its secret, which is never told again.
    ///
    /// # Errors
    /// `ALREADY_CREATED` or `IDEMPOTENCY_KEY_REUSED` where a key was made under the same name; `TOO_MANY_API_KEYS`;
    /// `ACCOUNT_ENDED` or `SESSION_ENDED` for a token that outlives them.
    pub(crate) async fn create_api_key(
        &self,
        caller: &User,
        new: NewApiKey,
        origin: &Origin,
    ) -> Result<(ApiKey, String), AccountsError> {
        let owner = caller.id;
        let secret = Secret::generate()?;
        let text = secret.to_text(PREFIX);
        let key = ApiKey {
            id: ApiKeyId::new(origin.time),
            name: new.name,
            scopes: new.scopes,
            prefix: text.chars().take(SHOWN).collect(),
            create_time: origin.time,
            expire_time: new.expire_time,
            last_use_time: None,
        };
        let mut transaction = self.pools.transaction().await?;
        // Held, so that nobody else makes a key of theirs meanwhile, or blocks or deletes them.
        session::hold_caller::<DB>(&mut transaction, caller, origin.time).await?;
        if let Some(once) = &new.once {
            let made = row::made_with::<DB>(&mut transaction, owner, &once.key).await?;
            match made {
                Some(digest) if digest == once.digest => return Err(AccountsError::AlreadyCreated),
                Some(_) => return Err(AccountsError::IdempotencyKeyReused),
                None => {}
            }
        }
        if row::count::<DB>(&mut transaction, owner).await? >= MOST {
            return Err(AccountsError::TooManyApiKeys);
        }
        row::insert::<DB>(owner, &key, &secret.digest(), new.once.as_ref())
            .execute(&mut transaction)
            .await?;
        let end = key.expire_time.map(|end| end.to_string());
        let detail = json!({"scopes": key.scopes.to_string(), "expire_time": end});
        let action = Action::ApiKeyCreated;
        audit::record::<DB>(&mut transaction, origin, action, key.id, detail).await?;
        transaction.commit().await?;
        Ok((key, text))
    }

    /// The keys of a user, the newest first.
    pub(crate) async fn list_api_keys(
        &self,
        owner: UserId,
        page: Page,
    ) -> Result<Listing<ApiKey>, AccountsError> {
        let mut reader = self.pools.reader().await?;
        let keys = row::list::<DB>(&mut reader, owner, page).await?;
        Ok(page.cut(keys, ApiKey::cursor))
    }

    /// Ends a key of the caller's.
    ///
    /// # Errors
    /// `API_KEY_NOT_FOUND` where there is none, or it is somebody else's.
    pub(crate) async fn revoke_api_key(
        &self,
        owner: UserId,
        id: ApiKeyId,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let mut transaction = self.pools.transaction().await?;
        if !row::delete::<DB>(&mut transaction, owner, id).await? {
            return Err(AccountsError::ApiKeyNotFound(id));
        }
        let action = Action::ApiKeyRevoked;
        audit::record::<DB>(&mut transaction, origin, action, id, json!({})).await?;
        Ok(transaction.commit().await?)
    }

    /// Trades a key for an access token with the scopes of the key that its owner may still use.
    ///
    /// # Errors
    /// `API_KEY_INVALID` where there is no such key, it has ended, or its owner is blocked: which is not told.
    pub(crate) async fn exchange_api_key(&self, text: &str) -> Result<AccessToken, AccountsError> {
        let now = self.clock.now();
        let secret = Secret::from_text(PREFIX, text).ok_or(AccountsError::WrongApiKey)?;
        let mut reader = self.pools.reader().await?;
        let found = row::by_secret::<DB>(&mut reader, &secret.digest()).await?;
        let (owner, key) = found.ok_or(AccountsError::WrongApiKey)?;
        let account = account::find::<DB>(&mut reader, owner).await?;
        drop(reader);
        let account = account.map(|(account, _)| account);
        let account = account
            .filter(|account| account.state == State::Active)
            .filter(|_| key.expire_time.is_none_or(|end| now < end))
            .ok_or(AccountsError::WrongApiKey)?;
        self.note_use(&key, now).await?;
        let user = User {
            id: account.id,
            role: account.role,
            scopes: key.scopes.and(scopes_of(account.role)),
            session: None,
        };
        self.keys.sign(&Caller::User(user)).await
    }

    /// Writes down to the minute when a key was used: no more often, because a busy key would be written all the time.
    async fn note_use(&self, key: &ApiKey, now: Timestamp) -> Result<(), AccountsError> {
        let minute = SignedDuration::from_secs(now.as_second().rem_euclid(60));
        let minute = (now - minute).round(Unit::Second).unwrap_or(now);
        if key.last_use_time.is_some_and(|last| last >= minute) {
            return Ok(());
        }
        let mut writer = self.pools.writer().await?;
        Ok(row::note_use::<DB>(key.id, minute)
            .execute(&mut writer)
            .await?)
    }
}
