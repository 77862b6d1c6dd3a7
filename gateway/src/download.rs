//! Sending files: their bytes as they come from a service, what they are called, and which part of them is wanted.

mod conditions;
mod disposition;
mod media;
mod pieces;
mod wanted;

pub(crate) use conditions::{IfNoneMatch, Range};
pub(crate) use disposition::{attachment, inline};
pub(crate) use media::{REVALIDATED, media_type, sandboxed};
pub(crate) use pieces::{Pieces, open};
pub(crate) use wanted::{Wanted, entity_tag, is_known, wanted};
