//! From our words to messages.

use jiff::Timestamp;
use pupila_core::{Listing, Role, SessionId};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::identity::VerificationKey;

use crate::{
    account::{Account, State},
    api_key::ApiKey,
    audit::AuditEntry,
    keys::AccessToken,
    session::{Session, Tokens},
};

pub(super) fn access(token: AccessToken) -> proto::AccessToken {
    proto::AccessToken {
        token: token.token,
        expire_time: Some(timestamp(token.end)),
    }
}

pub(super) fn tokens(tokens: Tokens) -> proto::Tokens {
    proto::Tokens {
        access: Some(access(tokens.access)),
        refresh_token: tokens.refresh,
        refresh_expire_time: Some(timestamp(tokens.refresh_end)),
        session_id: tokens.session.to_string(),
    }
}

pub(super) fn keys(keys: Vec<VerificationKey>) -> proto::ListKeysResponse {
    let keys = keys.into_iter().map(|key| proto::VerificationKey {
        id: key.id,
        public_key: key.public_key.into(),
    });
    proto::ListKeysResponse {
        keys: keys.collect(),
    }
}

pub(super) fn user(account: Account) -> proto::User {
    let role = match account.role {
        Role::User => proto::Role::User,
        Role::Admin => proto::Role::Admin,
    };
    let state = match account.state {
        State::Active => proto::UserState::Active,
        State::Blocked => proto::UserState::Blocked,
        State::Deleting => proto::UserState::Deleting,
    };
    proto::User {
        id: account.id.to_string(),
        email: account.email.unwrap_or_default(),
        display_name: account.display_name,
        language: account.language.as_str().to_owned(),
        role: role.into(),
        state: state.into(),
        create_time: Some(timestamp(account.create_time)),
        update_time: Some(timestamp(account.update_time)),
        revision: account.revision.get(),
    }
}

pub(super) fn users(listing: Listing<Account>) -> proto::ListUsersResponse {
    proto::ListUsersResponse {
        next_page_token: next(&listing),
        users: listing.items.into_iter().map(user).collect(),
    }
}

pub(super) fn sessions(
    listing: Listing<Session>,
    current: Option<SessionId>,
) -> proto::ListSessionsResponse {
    let next_page_token = next(&listing);
    let sessions = listing.items.into_iter().map(|session| proto::Session {
        id: session.id.to_string(),
        create_time: Some(timestamp(session.create_time)),
        last_use_time: Some(timestamp(session.last_use_time)),
        expire_time: Some(timestamp(session.expire_time)),
        user_agent: session.user_agent,
        address: session.address,
        current: Some(session.id) == current,
    });
    proto::ListSessionsResponse {
        sessions: sessions.collect(),
        next_page_token,
    }
}

pub(super) fn api_key(key: ApiKey) -> proto::ApiKey {
    proto::ApiKey {
        id: key.id.to_string(),
        name: key.name,
        scopes: key.scopes.iter().map(|scope| scope.to_string()).collect(),
        prefix: key.prefix,
        create_time: Some(timestamp(key.create_time)),
        expire_time: key.expire_time.map(timestamp),
        last_use_time: key.last_use_time.map(timestamp),
    }
}

pub(super) fn api_keys(listing: Listing<ApiKey>) -> proto::ListApiKeysResponse {
    proto::ListApiKeysResponse {
        next_page_token: next(&listing),
        api_keys: listing.items.into_iter().map(api_key).collect(),
    }
}

pub(super) fn audit(listing: Listing<AuditEntry>) -> proto::ListAuditResponse {
    let next_page_token = next(&listing);
    let entries = listing.items.into_iter().map(|entry| proto::AuditEntry {
        id: entry.id.to_string(),
        create_time: Some(timestamp(entry.create_time)),
        actor: entry.actor.map(|id| id.to_string()).unwrap_or_default(),
        action: entry.action,
        subject: entry.subject,
        address: entry.address,
        detail_json: entry.detail.to_string(),
        request_id: entry.request_id,
    });
    proto::ListAuditResponse {
        entries: entries.collect(),
        next_page_token,
    }
}

fn next<T>(listing: &Listing<T>) -> String {
    let next = listing.next.map(|cursor| cursor.to_token());
    next.unwrap_or_default()
}

fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}
