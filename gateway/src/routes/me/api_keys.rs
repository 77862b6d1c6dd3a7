//! `/v1/me/api-keys`: keys for programs.

pub(super) mod create;
pub(super) mod list;
pub(super) mod revoke;
