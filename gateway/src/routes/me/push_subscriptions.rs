//! `/v1/me/push-subscriptions`: browsers that take push messages.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod end;
pub(super) mod list;
