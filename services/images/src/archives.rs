//! ZIP archives, kept until a worker has unpacked them.
//!
//! An archive is written in pieces as it arrives, so that none is ever whole in memory. It has a row before its first
//! piece; the transaction that completes the row makes it seen and counts it, or fails where the row was doomed by
//! then. Its pieces are deleted under a doomed row, and the row after them.

mod error;
mod spool;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{
    Stream, StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use jiff::{SignedDuration, Timestamp};
use pupila_core::{ArchiveId, Clock, UserId};
use pupila_runtime::rpc::with_causes;
use pupila_storage::{Storage, StorageError};
use tonic::Status;
use tracing::Instrument as _;

use crate::{
    ImagesError,
    budget::Budget,
    objects,
    pool::PoolError,
    store::{Admission, Completion, Store, Usage},
    text,
    upload::{Arrival, Part},
    violations::Violations,
};
pub(crate) use error::ArchiveError;
pub(crate) use spool::PIECE;
use spool::Spool;

/// Most archives of one owner.
const MOST: i64 = 10;
/// One that is older may go for a new one: by then it was unpacked, or is one of a job that was called off or failed.
const SPARED: SignedDuration = SignedDuration::from_hours(1);
/// Archives that are looked up in one statement.
const PAGE: u32 = 100;

/// ZIP archives. Its clones share everything.
#[derive(Clone)]
pub(crate) struct Archives {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storage: Storage,
    pub(crate) budget: Budget,
    pub(crate) clock: Arc<dyn Clock>,
    /// Bytes that an owner may store for whom nothing else was set.
    pub(crate) default_quota: u64,
    /// Most bytes of an archive.
    pub(crate) max_bytes: u64,
}

/// A ZIP archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Archive {
    pub(crate) id: ArchiveId,
    pub(crate) owner: UserId,
    /// 1 to 255 characters.
    pub(crate) name: String,
    /// In bytes; 0 until it is whole.
    pub(crate) size: u64,
    /// Bytes of each of its pieces but the last one.
    pub(crate) piece_size: u64,
    pub(crate) create_time: Timestamp,
}

impl Archives {
    /// Stores an archive as it arrives: its name, then its bytes. A caller who hangs up breaks the parts off, so that
    /// this ends by itself and clears away what was written.
    pub(crate) async fn create<S>(&self, owner: UserId, parts: S) -> Result<Archive, ImagesError>
    where
        S: Stream<Item = Result<Option<Part<String>>, Status>> + Unpin + Send + 'static,
    {
        let archives = self.clone();
        let storing = async move { archives.receive(owner, parts).await };
        let stored = tokio::spawn(storing.in_current_span()).await;
        stored.unwrap_or_else(|error| Err(PoolError::Panicked(error).into()))
    }

    async fn receive<S>(&self, owner: UserId, parts: S) -> Result<Archive, ImagesError>
    where
        S: Stream<Item = Result<Option<Part<String>>, Status>> + Unpin,
    {
        let (name, arrival) = Arrival::begin(parts, self.max_bytes).await?;
        let mut violations = Violations::default();
        text::check_name(&mut violations, &name);
        violations.finish()?;
        // Before there is a row: most uploads that have to be refused leave nothing to clear away.
        let share = self.budget.of(owner).take(PIECE)?;
        let now = self.clock.now();
        let new = Archive {
            id: ArchiveId::new(now),
            owner,
            name,
            size: 0,
            piece_size: PIECE,
            create_time: now,
        };
        let usage = self.admit(&new).await?;
        let spool = Spool::new(self, new.id, share);
        let stored = self.fill(new.clone(), usage, spool, arrival).await;
        if stored.is_err() {
            self.discard(&new).await;
        }
        stored
    }

    /// Makes the archive's row, in the place of an old one where the owner has as many as may be. Answers what its owner
    /// stores so far.
    async fn admit(&self, new: &Archive) -> Result<Usage, ImagesError> {
        loop {
            match self.store.admit_archive(new, MOST).await? {
                Admission::Granted(usage) => return Ok(usage),
                Admission::UnknownOwner => self.store.welcome(new.owner).await?,
                Admission::Erased => return Err(ImagesError::Erased),
                Admission::TooMany if self.make_way(new).await? => {}
                Admission::TooMany => return Err(ArchiveError::TooMany(MOST).into()),
            }
        }
    }

    /// Deletes the owner's oldest archive. `false` where it is not old enough.
    async fn make_way(&self, new: &Archive) -> Result<bool, ImagesError> {
        let made = new.create_time.saturating_sub(SPARED);
        let made = made.unwrap_or(Timestamp::MIN);
        let Some(oldest) = self.store.oldest_archive(new.owner, made).await? else {
            return Ok(false);
        };
        self.delete(new.owner, oldest).await?;
        Ok(true)
    }

    async fn fill<S>(
        &self,
        new: Archive,
        usage: Usage,
        mut spool: Spool<'_>,
        mut arrival: Arrival<S>,
    ) -> Result<Archive, ImagesError>
    where
        S: Stream<Item = Result<Option<Part<String>>, Status>> + Unpin,
    {
        let room = usage
            .quota_or(self.default_quota)
            .saturating_sub(usage.bytes);
        while let Some(chunk) = arrival.chunk().await? {
            if arrival.received() > room {
                return Err(self.no_room(usage, arrival.received()));
            }
            spool.push(chunk).await?;
        }
        spool.finish().await?;
        let whole = Archive {
            size: arrival.received(),
            ..new
        };
        let completed = self
            .store
            .complete_archive(&whole, self.default_quota, self.clock.now());
        match completed.await? {
            Completion::Done => Ok(whole),
            Completion::Erased => Err(ImagesError::Erased),
            Completion::QuotaExceeded(usage) => Err(self.no_room(usage, whole.size)),
            Completion::Doomed => Err(ImagesError::Contended),
        }
    }

    /// One of the owner's archives, and its bytes in pieces of any size.
    pub(crate) async fn read(
        &self,
        owner: UserId,
        id: ArchiveId,
    ) -> Result<(Archive, BoxStream<'static, Result<Bytes, ImagesError>>), ImagesError> {
        let archive = self.store.archive(owner, id).await?;
        let archive = archive.ok_or(ArchiveError::NotFound(id))?;
        let (archives, read) = (self.clone(), archive.clone());
        let pieces = stream::iter(0..read.size.div_ceil(read.piece_size.max(1)));
        let bytes = pieces
            .then(move |number| {
                let (archives, read) = (archives.clone(), read.clone());
                async move { archives.piece(&read, number).await }
            })
            .try_flatten();
        Ok((archive, bytes.boxed()))
    }

    async fn piece(
        &self,
        archive: &Archive,
        number: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, ImagesError>>, ImagesError> {
        let rest = archive.size.saturating_sub(number * archive.piece_size);
        let size = rest.min(archive.piece_size);
        match self
            .storage
            .get(&objects::piece(archive.id, number)?, None)
            .await
        {
            Ok(object) if object.facts.size == size => {
                Ok(object.bytes.map_err(ImagesError::from).boxed())
            }
            Ok(_) | Err(StorageError::NotFound(_)) => {
                // It may have been deleted since the caller began to read.
                let known = self.store.archive(archive.owner, archive.id).await?;
                Err(match known {
                    Some(_) => ArchiveError::BytesMissing(archive.id).into(),
                    None => ArchiveError::NotFound(archive.id).into(),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes one of the owner's archives. One that is not there is deleted already.
    pub(crate) async fn delete(&self, owner: UserId, id: ArchiveId) -> Result<(), ImagesError> {
        if self.store.doom_archive(owner, id, None).await? {
            self.dispose_or_leave(id).await;
        }
        Ok(())
    }

    /// Deletes all archives of an owner for whom nothing is stored any more. Begins where an earlier call was broken
    /// off.
    pub(crate) async fn erase(&self, owner: UserId) -> Result<(), ImagesError> {
        loop {
            let found = self.store.archives_of(owner, PAGE).await?;
            if found.is_empty() {
                return Ok(());
            }
            for archive in found {
                self.delete(owner, archive.id).await?;
            }
        }
    }

    /// Clears away what an upload that failed has written.
    async fn discard(&self, archive: &Archive) {
        if let Err(error) = self
            .store
            .doom_archive(archive.owner, archive.id, None)
            .await
        {
            left(archive.id, &error);
            return;
        }
        // Whoever doomed it before may have looked for pieces before the last one was written.
        self.dispose_or_leave(archive.id).await;
    }

    async fn dispose_or_leave(&self, id: ArchiveId) {
        if let Err(error) = self.dispose(id).await {
            left(id, &error);
        }
    }

    /// Deletes the pieces of a doomed archive, and then its row. Answers how many pieces there were.
    pub(crate) async fn dispose(&self, id: ArchiveId) -> Result<u64, ImagesError> {
        let deleted = self.storage.delete_prefix(&objects::archive(id)?).await?;
        self.store.forget_archive(id).await?;
        Ok(deleted)
    }

    fn no_room(&self, usage: Usage, size: u64) -> ImagesError {
        ImagesError::QuotaExceeded {
            bytes: usage.bytes,
            quota: usage.quota_or(self.default_quota),
            size,
        }
    }
}

fn left(id: ArchiveId, error: &dyn std::error::Error) {
    let error = with_causes(error);
    tracing::warn!(archive = %id, error, "an archive is left to the sweeper");
}
