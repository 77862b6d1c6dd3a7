//! Writing an archive while it arrives: a piece of it in memory, the rest in the object store.

use bytes::{Bytes, BytesMut};
use pupila_core::{ArchiveId, ZIP_SIGNATURE_LEN, is_zip};

use super::Archives;
use crate::{ImagesError, budget::Share, objects, upload::UploadError};

/// Bytes of a piece: few requests for a large archive, little memory for many.
pub(crate) const PIECE: u64 = 4 << 20;

/// Writes an archive while it arrives.
pub(super) struct Spool<'a> {
    archives: &'a Archives,
    id: ArchiveId,
    /// Less than a piece.
    held: BytesMut,
    written: u64,
    /// The memory for a piece.
    _share: Share,
}

impl<'a> Spool<'a> {
    pub(super) fn new(archives: &'a Archives, id: ArchiveId, share: Share) -> Self {
        Self {
            archives,
            id,
            held: BytesMut::new(),
            written: 0,
            _share: share,
        }
    }

    /// Takes the next bytes, and writes a piece where there is a whole one.
    pub(super) async fn push(&mut self, mut chunk: Bytes) -> Result<(), ImagesError> {
        while !chunk.is_empty() {
            let room = PIECE.saturating_sub(self.held.len() as u64);
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            self.held
                .extend_from_slice(&chunk.split_to(room.min(chunk.len())));
            if self.written == 0 && self.held.len() >= ZIP_SIGNATURE_LEN {
                self.check()?;
            }
            if self.held.len() as u64 == PIECE {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Writes the rest.
    pub(super) async fn finish(mut self) -> Result<(), ImagesError> {
        if self.written == 0 {
            self.check()?;
        }
        if !self.held.is_empty() {
            self.write().await?;
        }
        Ok(())
    }

    /// Refuses what does not begin as a ZIP does.
    fn check(&self) -> Result<(), UploadError> {
        is_zip(&self.held).then_some(()).ok_or(UploadError::NotZip)
    }

    async fn write(&mut self) -> Result<(), ImagesError> {
        let Archives {
            store,
            storage,
            clock,
            ..
        } = self.archives;
        // Before the piece: what is doomed gets no more of them.
        if !store.touch_archive(self.id, clock.now()).await? {
            return Err(ImagesError::Contended);
        }
        let key = objects::piece(self.id, self.written)?;
        storage.put(&key, self.held.split().freeze()).await?;
        self.written += 1;
        Ok(())
    }
}
