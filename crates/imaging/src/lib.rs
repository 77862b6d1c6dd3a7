//! Pictures: decoding behind a guard, orientation, grey and resizing. Pure: bytes in, samples out.
//!
//! Whatever a caller sends is taken for hostile: the format is sniffed instead of believed, the header is
//! read before anything is allocated, and damage is refused instead of guessed over. The arithmetic is
//! Pillow's, because that is what models are trained with.

mod decode;
mod error;
mod format;
mod limits;
mod luma;
mod picture;
mod resize;

pub use decode::{Decoded, decode};
pub use error::ImageError;
pub use format::Format;
pub use limits::Limits;
pub use luma::to_luma;
pub use picture::{Channels, Picture};
pub use resize::{Filter, Fit, ResizeError, resize};
