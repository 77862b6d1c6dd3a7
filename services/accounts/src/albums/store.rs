//! Rows and statements of albums, the same for every engine. The rules begin and end the transactions.

pub(super) mod album;
pub(super) mod entering;
pub(super) mod leaving;
pub(super) mod link;
pub(super) mod member;
pub(super) mod moving;
pub(super) mod place;
#[cfg(test)]
mod plan;
pub(super) mod share;
pub(super) mod sql;
pub(super) mod view;
