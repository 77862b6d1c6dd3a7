//! `/v1/albums/{id}/links`: addresses that show an album to whoever has them.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
