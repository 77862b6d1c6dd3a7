//! Files become a ZIP file while they come in.

use bytes::Bytes;
use futures_util::{
    Stream, TryFutureExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use tracing::{Instrument as _, Span};

use super::{
    contents::{Contents, Entry, Packing},
    writer::ZipFile,
};
use crate::problem::Problem;

/// The file that tells what could not be packed. No image is called so.
pub(crate) const ERRORS: &str = "errors.txt";

/// Why a ZIP file cannot be finished. Its connection is broken off, so that nobody takes what was sent for the whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum PackError {
    #[error("the next file cannot be had: {0}")]
    Next(Problem),
    #[error("a file broke off: {0}")]
    File(Problem),
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

/// The bytes of a ZIP file with `entries`, of which no more is in memory than a piece.
pub(super) fn pack(
    entries: BoxStream<'static, Result<Packing, Problem>>,
) -> impl Stream<Item = Result<Bytes, PackError>> + Send {
    let packer = Packer {
        entries,
        zip: ZipFile::new(),
        contents: None,
        errors: String::new(),
    };
    // It goes on after the request was answered, and is still part of it.
    let span = Span::current();
    stream::try_unfold(Some(packer), move |packer| {
        let next = async {
            match packer {
                Some(packer) => packer.next().await.map(Some),
                None => Ok(None),
            }
        };
        let told = next.inspect_err(|error| tracing::warn!(%error, "a ZIP file broke off"));
        told.instrument(span.clone())
    })
}

struct Packer {
    entries: BoxStream<'static, Result<Packing, Problem>>,
    zip: ZipFile,
    /// What is left of the file that was begun last.
    contents: Option<Contents>,
    /// A line for each file that could not be packed.
    errors: String,
}

impl Packer {
    /// The next bytes, and what comes after them: nothing after the last.
    async fn next(mut self) -> Result<(Bytes, Option<Self>), PackError> {
        loop {
            match &mut self.contents {
                Some(contents) => match contents.try_next().await.map_err(PackError::File)? {
                    Some(bytes) => self.zip.write(&bytes)?,
                    None => self.contents = None,
                },
                None => match self.entries.try_next().await.map_err(PackError::Next)? {
                    Some(Packing::Entry(entry)) => self.begin(entry)?,
                    Some(Packing::Lost { name, reason }) => {
                        self.errors += &format!("{name}: {reason}\n");
                    }
                    None => return self.finish(),
                },
            }
            let bytes = self.zip.take();
            if !bytes.is_empty() {
                return Ok((bytes, Some(self)));
            }
        }
    }

    fn begin(&mut self, entry: Entry) -> Result<(), PackError> {
        self.zip.begin(&entry.name, entry.time, entry.compress)?;
        self.contents = Some(entry.contents);
        Ok(())
    }

    fn finish(mut self) -> Result<(Bytes, Option<Self>), PackError> {
        if !self.errors.is_empty() {
            self.zip.begin(ERRORS, None, true)?;
            self.zip.write(self.errors.as_bytes())?;
        }
        Ok((self.zip.finish()?, None))
    }
}

#[cfg(test)]
mod tests;
