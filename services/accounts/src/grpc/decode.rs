//! From messages to our words. What has no form in our words is refused here, by field; whether the rest makes sense
//! is for the rules to say.

use std::str::FromStr;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use pupila_core::{Page, Role};
use pupila_proto::accounts::v1 as proto;

use crate::{
    AccountsError, administration::RightsChange, api_key::NewApiKey, audit::AuditFilter,
    email::Email, passwords, violations::Violations,
};

pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, AccountsError> {
    // What was sent may be long, and is not said again.
    text.parse()
        .map_err(|_| AccountsError::field(field, "must be a UUID"))
}

pub(super) fn page(size: u32, token: &str) -> Result<Page, AccountsError> {
    Ok(Page::new(size, token)?)
}

pub(super) fn credentials(message: &proto::SignInRequest) -> Result<(Email, &str), AccountsError> {
    let mut violations = Violations::default();
    let email = violations.take("email", message.email.parse());
    let password = known_password("password", &message.password);
    if let Err(AccountsError::Invalid(found)) = password {
        violations.add(found);
    }
    violations.finish()?;
    let email = email.ok_or_else(|| AccountsError::field("email", "must be set"))?;
    Ok((email, &message.password))
}

/// Refuses what is nobody's password, so that it is not hashed.
pub(super) fn known_password(field: &str, password: &str) -> Result<(), AccountsError> {
    let mut violations = Violations::default();
    let length = password.chars().take(passwords::MAX + 1).count();
    let rule = format!("must have from 1 to {} characters", passwords::MAX);
    violations.require((1..=passwords::MAX).contains(&length), field, rule);
    violations.finish()
}

/// The role of a new user; an administrator only where the caller says so.
pub(super) fn role_or_user(number: i32) -> Result<Role, AccountsError> {
    match proto::Role::try_from(number) {
        Ok(proto::Role::Unspecified) => Ok(Role::User),
        _ => role(number),
    }
}

pub(super) fn rights(message: &proto::UpdateUserRequest) -> Result<RightsChange, AccountsError> {
    Ok(RightsChange {
        role: message.role.map(role).transpose()?,
        blocked: message.blocked,
    })
}

fn role(number: i32) -> Result<Role, AccountsError> {
    match proto::Role::try_from(number) {
        Ok(proto::Role::User) => Ok(Role::User),
        Ok(proto::Role::Admin) => Ok(Role::Admin),
        Ok(proto::Role::Unspecified) | Err(_) => {
            Err(AccountsError::field("role", "must be user or admin"))
        }
    }
}

pub(super) fn new_api_key(
    message: &proto::CreateApiKeyRequest,
    role: Role,
    now: Timestamp,
) -> Result<NewApiKey, AccountsError> {
    let expire_time = time("expire_time", message.expire_time)?;
    NewApiKey::new(
        role,
        &message.name,
        &message.scopes,
        expire_time,
        &message.idempotency_key,
        now,
    )
}

pub(super) fn audit_filter(message: proto::ListAuditRequest) -> Result<AuditFilter, AccountsError> {
    let actor = Some(message.actor).filter(|actor| !actor.is_empty());
    Ok(AuditFilter {
        actor: actor.map(|actor| id("actor", &actor)).transpose()?,
        action: Some(message.action).filter(|action| !action.is_empty()),
        from_time: time("from_time", message.from_time)?,
        until_time: time("until_time", message.until_time)?,
    })
}

/// The first whole microsecond that is not before the message's time.
fn time(
    field: &str,
    message: Option<prost_types::Timestamp>,
) -> Result<Option<Timestamp>, AccountsError> {
    let Some(message) = message else {
        return Ok(None);
    };
    let rounding = TimestampRound::new()
        .smallest(Unit::Microsecond)
        .mode(RoundMode::Ceil);
    Timestamp::new(message.seconds, message.nanos)
        .and_then(|time| time.round(rounding))
        .map(Some)
        .map_err(|error| AccountsError::field(field, error.to_string()))
}
