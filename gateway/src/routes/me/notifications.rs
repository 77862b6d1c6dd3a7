//! `/v1/me/notifications`: what the caller wants to be told.

pub(super) mod get;
pub(super) mod update;
