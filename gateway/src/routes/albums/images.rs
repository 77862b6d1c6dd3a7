//! `/v1/albums/{id}/images`: which images an album has, and in which order.

pub(super) mod add;
pub(in crate::routes) mod list;
pub(super) mod r#move;
pub(super) mod remove;
