//! Who sees which image: its owner, and whom accounts says that the owner shares it with. For everybody else it does
//! not exist.

use std::{collections::HashMap, sync::Arc};

use pupila_core::ImageId;
use pupila_runtime::identity::Call;

use crate::{
    ImagesError,
    filter::ImageFilter,
    image::{Image, Purpose},
    shares::Shares,
    store::ImageStore,
};

/// Most images that are asked for at once.
pub(crate) const BATCH: usize = 200;

/// What callers may look at.
pub(crate) struct Gallery {
    pub(crate) store: Arc<dyn ImageStore>,
    pub(crate) shares: Shares,
}

/// An image that the caller may see.
#[derive(Debug)]
pub(crate) enum Seen {
    /// Their own.
    Own(Image),
    /// Somebody else's, with everything that is known of it.
    Shared(Image),
}

impl Seen {
    /// With everything that is known of it.
    pub(crate) fn image(&self) -> &Image {
        match self {
            Self::Own(image) | Self::Shared(image) => image,
        }
    }

    /// As the caller may know it.
    pub(crate) fn into_shown(self) -> Image {
        match self {
            Self::Own(image) => image,
            Self::Shared(image) => image.for_others(),
        }
    }
}

impl Gallery {
    /// One image.
    pub(crate) async fn one(&self, call: &Call, id: ImageId) -> Result<Seen, ImagesError> {
        let seen = self.some(call, &[id], &ImageFilter::default()).await?;
        seen.into_iter().next().ok_or(ImagesError::NotFound(id))
    }

    /// Those of the images that the caller may see and that pass the filter, in the order of the ids, each once. While
    /// accounts is away, callers see their own; a call that asks for others too fails.
    pub(crate) async fn some(
        &self,
        call: &Call,
        ids: &[ImageId],
        filter: &ImageFilter,
    ) -> Result<Vec<Seen>, ImagesError> {
        if ids.len() > BATCH {
            let rule = format!("must be at most {BATCH}");
            return Err(ImagesError::field("ids", rule));
        }
        filter.check()?;
        let found = self.store.find(ids, filter).await?;
        let caller = call.caller.user().map(|user| user.id);
        let owned = |image: &Image| Some(image.owner) == caller;
        // A profile picture is in no album.
        let others: Vec<_> = found
            .iter()
            .filter(|image| !owned(image) && image.purpose == Purpose::Library)
            .collect();
        let shared = self.shares.of(&call.context, &others).await?;
        let mut seen: HashMap<ImageId, Seen> = found
            .into_iter()
            .filter_map(|image| {
                let id = image.id;
                match owned(&image) {
                    true => Some((id, Seen::Own(image))),
                    false => shared.contains(&id).then_some((id, Seen::Shared(image))),
                }
            })
            .collect();
        Ok(ids.iter().filter_map(|id| seen.remove(id)).collect())
    }
}
