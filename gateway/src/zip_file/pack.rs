//! Files become a ZIP file while they come in.

use bytes::Bytes;
use futures_util::{
    Stream, TryFutureExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_runtime::rpc::RpcError;
use tracing::{Instrument as _, Span};

use super::{contents::Content, entry, writer::Archive};
use crate::{download::Pieces, problem::Problem};

/// Why an archive cannot be finished. Its connection is broken off, so that nobody takes what was sent for the whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum PackError {
    #[error("the next file cannot be had: {0}")]
    Next(Problem),
    #[error("a file broke off: {0}")]
    File(#[from] RpcError),
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

/// The bytes of a ZIP file with `contents`, of which no more is in memory than a piece.
pub(super) fn pack(
    contents: BoxStream<'static, Result<Content, Problem>>,
) -> impl Stream<Item = Result<Bytes, PackError>> + Send {
    let packing = Packing {
        contents,
        archive: Archive::new(),
        number: 0,
        file: None,
    };
    // It goes on after the request was answered, and is still part of it.
    let span = Span::current();
    stream::try_unfold(Some(packing), move |packing| {
        let next = async {
            match packing {
                Some(packing) => packing.next().await.map(Some),
                None => Ok(None),
            }
        };
        let told = next.inspect_err(|error| tracing::warn!(%error, "an archive broke off"));
        told.instrument(span.clone())
    })
}

struct Packing {
    contents: BoxStream<'static, Result<Content, Problem>>,
    archive: Archive,
    /// How many files were begun.
    number: u64,
    /// What is left of the file that was begun last.
    file: Option<Pieces>,
}

impl Packing {
    /// The next bytes, and what comes after them: nothing after the last.
    async fn next(mut self) -> Result<(Bytes, Option<Self>), PackError> {
        loop {
            match &mut self.file {
                Some(file) => match file.try_next().await? {
                    Some(bytes) => self.archive.write(&bytes)?,
                    None => self.file = None,
                },
                None => match self.contents.try_next().await.map_err(PackError::Next)? {
                    Some(content) => self.begin(content)?,
                    None => return Ok((self.archive.finish()?, None)),
                },
            }
            let bytes = self.archive.take();
            if !bytes.is_empty() {
                return Ok((bytes, Some(self)));
            }
        }
    }

    fn begin(&mut self, (image, pieces): Content) -> Result<(), PackError> {
        self.number += 1;
        let name = entry::name(self.number, &image);
        self.archive.begin(&name, image.size, entry::time(&image))?;
        self.file = Some(pieces);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
