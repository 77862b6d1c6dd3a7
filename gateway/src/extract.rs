//! Extractors whose refusals are problems that name the field at fault.

mod caller;
mod idempotency_key;
mod if_match;
mod json;
mod list;
mod media_type;
mod multipart;
mod path;
mod query;
mod wanted;
mod with_accounts;

pub(crate) use caller::Caller;
pub(crate) use idempotency_key::{IDEMPOTENCY_KEY, IdempotencyKey};
pub(crate) use if_match::IfMatch;
pub(crate) use json::{Json, LongJson, StrangersJson, is_json, parse_field};
pub(crate) use list::List;
pub(crate) use multipart::{Form, is_form};
pub(crate) use path::Path;
pub(crate) use query::{Pairs, Query};
pub(crate) use with_accounts::WithAccounts;
