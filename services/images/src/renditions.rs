//! Renditions: made on demand, kept in the object store, and made once however many ask for them at the same time.

mod darkroom;
mod error;
mod flights;
mod format;
mod names;
mod presets;
mod wish;

use bytes::Bytes;
use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_core::Digest;

use crate::{ImagesError, image::Image, objects};
use flights::{Flights, Made};

pub(crate) use darkroom::{CacheRoom, Darkroom, tables};
pub(crate) use error::RenditionError;
pub(crate) use format::OutputFormat;
pub(crate) use presets::Presets;
pub use presets::{PresetConfig, PresetsConfig};
pub(crate) use wish::{CropBox, Wish};

/// How often a rendition is looked for that went as soon as it was kept, because its image was deleted, or somebody
/// sweeps.
const ATTEMPTS: usize = 3;

/// Makes renditions, or finds those that were made before.
pub(crate) struct Renditions {
    presets: Presets,
    darkroom: Darkroom,
    flights: Flights,
}

/// What a caller asks for.
#[derive(Debug, Default)]
pub(crate) struct Order {
    pub(crate) wish: Wish,
    /// The preset that the wish starts from; empty for none.
    pub(crate) preset: String,
    /// Where the wish names no format: those that the caller takes; empty for any.
    pub(crate) accepted: Vec<OutputFormat>,
    /// The entity tag that the caller has; empty for none.
    pub(crate) known_etag: String,
}

/// A rendition on its way to a caller.
pub(crate) struct Rendition {
    pub(crate) format: OutputFormat,
    /// In bytes; 0 where the caller has it.
    pub(crate) size: u64,
    /// Another one for other bytes.
    pub(crate) etag: String,
    /// In pieces of any size; none where the caller has it.
    pub(crate) bytes: BoxStream<'static, Result<Bytes, ImagesError>>,
}

impl Renditions {
    pub(crate) fn new(presets: Presets, darkroom: Darkroom) -> Self {
        Self {
            presets,
            darkroom,
            flights: Flights::default(),
        }
    }

    /// The rendition of an image that is asked for.
    pub(crate) async fn read(
        &self,
        image: &Image,
        order: &Order,
    ) -> Result<Rendition, ImagesError> {
        let wish = self.presets.complete(&order.preset, &order.wish)?;
        let transparent = image.file.transparent;
        let format = wish
            .format
            .unwrap_or_else(|| OutputFormat::choose(&order.accepted, transparent));
        let recipe = wish.recipe(format)?;
        // The fingerprint tells the release of the renderer too, so that nobody gets what an older one made.
        let fingerprint = recipe.fingerprint();
        let key = objects::rendition(image.file.sha256, &fingerprint)?;
        let etag = Digest::of(key.as_str().as_bytes()).to_string();
        let rendition = |source, size, bytes| {
            metrics::counter!("pupila_renditions_total", "source" => source).increment(1);
            Ok(Rendition {
                format,
                size,
                etag: etag.clone(),
                bytes,
            })
        };
        if order.known_etag == etag {
            return rendition("caller", 0, stream::empty().boxed());
        }
        let mut source = "store";
        for _ in 0..ATTEMPTS {
            if let Some(kept) = self.darkroom.kept(&key).await? {
                let bytes = kept.bytes.map_err(ImagesError::from).boxed();
                return rendition(source, kept.facts.size, bytes);
            }
            source = "made";
            let (darkroom, image) = (self.darkroom.clone(), image.clone());
            let work = {
                let (recipe, key) = (recipe.clone(), key.clone());
                move || async move { darkroom.make(&image, recipe, &key).await }
            };
            // Slow readers hold no memory of ours where they can read what is kept.
            if let Made::Unkept(bytes) = self.flights.join(key.clone(), work).await? {
                let size = bytes.len() as u64;
                return rendition(source, size, stream::once(async { Ok(bytes) }).boxed());
            }
        }
        Err(ImagesError::Contended)
    }
}
