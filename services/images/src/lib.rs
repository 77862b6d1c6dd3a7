//! Keeps images: bytes once per content in an object store, metadata per owner in a database, renditions on demand.
//!
//! ```text
//! grpc   translates messages; decides nothing
//!   ├─ Library      what users do with images of their own
//!   │    └─ Shelf     puts bytes and rows where they belong
//!   ├─ Gallery      who sees which image
//!   ├─ Contents     the bytes, for the owner and for others
//!   ├─ Renditions   what is made of them, kept in the object store
//!   ├─ Archives     ZIPs that wait to be unpacked
//!   └─ Sweeper      what rows and objects do not agree on
//!        └─ Store     rows: one set of traits, one implementation for every engine
//! ```

mod archives;
mod budget;
mod config;
mod content;
mod departures;
mod disposal;
mod error;
mod examine;
mod filter;
mod gallery;
mod grpc;
mod housekeeping;
mod image;
mod library;
mod objects;
mod open;
mod originals;
mod pairing;
mod pool;
mod refolding;
mod renditions;
mod shares;
mod shelf;
mod store;
mod sweeper;
mod text;
mod upload;
mod violations;

pub use config::{ImagesConfig, LimitsConfig, SweepConfig};
pub use housekeeping::Housekeeping;
pub use open::{ImagesStores, OpenError, OpenImages, open};
pub use renditions::{PresetConfig, PresetsConfig};

use error::ImagesError;
