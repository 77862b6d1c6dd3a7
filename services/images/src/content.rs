//! The bytes of an image as its callers may read them: its owner as they are stored, others without the place where
//! it was taken.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_core::Digest;
use pupila_imaging::scrub_location;

use crate::{
    ImagesError,
    budget::Budget,
    gallery::Seen,
    image::{Image, PublicCopy},
    originals::Originals,
    pool::Pool,
    store::ImageStore,
};

/// Reads images for callers.
pub(crate) struct Contents {
    pub(crate) store: Arc<dyn ImageStore>,
    pub(crate) originals: Originals,
    pub(crate) budget: Budget,
    pub(crate) pool: Pool,
}

/// Which bytes are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// The first one, counted from 0.
    pub(crate) offset: u64,
    /// How many, at least 1; `None` for all that follow.
    pub(crate) length: Option<u64>,
}

/// Bytes of an image.
pub(crate) struct Content {
    /// The image as the caller may know it, with size and digest of the whole file that is read.
    pub(crate) image: Image,
    /// In pieces of any size.
    pub(crate) bytes: BoxStream<'static, Result<Bytes, ImagesError>>,
}

impl Span {
    /// What is there of it in a file of that size.
    fn within(self, size: u64) -> Result<Range<u64>, ImagesError> {
        let Self { offset, length } = self;
        if length == Some(0) {
            return Err(ImagesError::field("length", "must be at least 1"));
        }
        if offset >= size {
            return Err(ImagesError::Range { offset, size });
        }
        let end = length.map_or(size, |length| offset.saturating_add(length).min(size));
        Ok(offset..end)
    }
}

impl Contents {
    /// The bytes of an image that lie in the span.
    pub(crate) async fn read(&self, seen: Seen, span: Span) -> Result<Content, ImagesError> {
        let copy = match &seen {
            Seen::Own(_) => None,
            Seen::Shared(image) => image.file.public,
        };
        match copy {
            Some(copy) => self.read_copy(seen, copy, span).await,
            None => self.read_stored(seen, span).await,
        }
    }

    async fn read_stored(&self, seen: Seen, span: Span) -> Result<Content, ImagesError> {
        let image = seen.image();
        let range = span.within(image.file.size)?;
        let whole = range == (0..image.file.size);
        let range = (!whole).then_some(range);
        let object = self.originals.open(image, range).await?;
        Ok(Content {
            image: seen.into_shown(),
            bytes: object.bytes.map_err(ImagesError::from).boxed(),
        })
    }

    /// The copy without the place is made anew each time: few owners keep the place and share the image too. It does
    /// not always have the length of the file, so that the whole is needed for any part.
    async fn read_copy(
        &self,
        seen: Seen,
        copy: PublicCopy,
        span: Span,
    ) -> Result<Content, ImagesError> {
        let stored = seen.image();
        let share = self.budget.take(stored.file.size + copy.size)?;
        let bytes = self.originals.open(stored, None).await?.read().await?;
        let job = move || {
            let bytes = Bytes::from(scrub_location(bytes.into()));
            (Digest::of(&bytes), bytes)
        };
        let (sha256, bytes) = self.pool.run("scrub", job).await?;
        let size = bytes.len() as u64;
        let made = PublicCopy { sha256, size };
        if made != copy {
            // Another release found less to take out. Who asks for the image is told of the new copy from now on.
            self.store.republish(stored.id, made).await?;
        }
        let mut image = seen.into_shown();
        (image.file.sha256, image.file.size) = (sha256, size);
        let range = span.within(image.file.size)?;
        let bytes = share.hold(bytes);
        let part = bytes.slice(index(range.start)..index(range.end));
        Ok(Content {
            image,
            bytes: stream::once(async { Ok(part) }).boxed(),
        })
    }
}

/// A place within bytes that are in memory.
fn index(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_cut_at_the_end_and_never_empty() {
        let span = |offset, length| Span { offset, length }.within(10);
        assert_eq!(span(0, None).expect("all"), 0..10);
        assert_eq!(span(3, Some(4)).expect("a part"), 3..7);
        assert_eq!(span(9, Some(u64::MAX)).expect("the last"), 9..10);
        assert!(matches!(span(10, None), Err(ImagesError::Range { .. })));
        assert!(matches!(span(0, Some(0)), Err(ImagesError::Invalid(_))));
        assert!(matches!(
            span(u64::MAX, Some(1)),
            Err(ImagesError::Range { .. })
        ));
    }
}
