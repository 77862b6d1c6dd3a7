//! `/v1/albums/{id}/members`: who was let in.

pub(super) mod add;
pub(super) mod list;
pub(super) mod remove;
