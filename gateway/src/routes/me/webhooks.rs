//! `/v1/me/webhooks`: addresses that are called when a job ends.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
