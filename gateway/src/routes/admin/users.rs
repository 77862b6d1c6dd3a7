//! `/v1/admin/users`: everybody's accounts.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod update;
mod usage;
