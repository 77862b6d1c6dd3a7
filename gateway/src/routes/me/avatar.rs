//! `/v1/me/avatar`: the caller's profile picture.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod put;
