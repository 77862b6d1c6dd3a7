//! Pictures: decoding behind a guard, orientation, grey and resizing for models; renditions and edits for people. Pure:
//! bytes in, samples or bytes out.
//!
//! Whatever a caller sends is taken for hostile: the format is sniffed instead of believed, the header is
//! read before anything is allocated, and damage is refused instead of guessed over.
//!
//! There are two ways to a smaller picture. [`resize()`] has Pillow's arithmetic to the last bit, because that is what
//! models are trained with. [`render()`] is for the eye, and quick.

mod container;
mod decode;
pub mod edit;
mod error;
mod exif;
mod format;
mod limits;
mod luma;
mod picture;
mod probe;
mod raster;
pub mod render;
mod resize;
mod turn;

pub use decode::{Decoded, decode};
pub use edit::edit;
pub use error::ImageError;
pub use exif::{Camera, Exif, Location, TakenAt, scrub_location};
pub use format::Format;
pub use limits::Limits;
pub use luma::to_luma;
pub use picture::{Channels, Picture};
pub use probe::{Probe, probe, verify};
pub use render::render;
pub use resize::{Filter, Fit, ResizeError, resize};
