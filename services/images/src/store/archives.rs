//! The rows of archives. Whoever changes one locks its owner's row first, as with images.

mod sql;

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{ArchiveId, UserId};
use pupila_db::DatabaseError;

use super::Usage;
use crate::archives::Archive;

/// ZIP archives that wait to be unpacked.
#[async_trait]
pub(crate) trait ArchiveStore: Send + Sync {
    /// An archive is about to be written, if its owner has less than `most`.
    async fn admit_archive(&self, new: &Archive, most: i64) -> Result<Admission, DatabaseError>;

    /// Its upload lives; `false` where the archive was doomed.
    async fn touch_archive(&self, id: ArchiveId, now: Timestamp) -> Result<bool, DatabaseError>;

    /// All of it is written. From now on it is seen, and counted against the quota of its owner, which is
    /// `default_quota` where nothing else was set.
    async fn complete_archive(
        &self,
        whole: &Archive,
        default_quota: u64,
        now: Timestamp,
    ) -> Result<Completion, DatabaseError>;

    /// One of the owner's archives, where it is whole.
    async fn archive(&self, owner: UserId, id: ArchiveId)
    -> Result<Option<Archive>, DatabaseError>;

    /// The oldest of the owner's archives that are whole, where it was made by `made`.
    async fn oldest_archive(
        &self,
        owner: UserId,
        made: Timestamp,
    ) -> Result<Option<ArchiveId>, DatabaseError>;

    /// Some of the owner's archives that are not doomed, whole or not, at most so many.
    async fn archives_of(
        &self,
        owner: UserId,
        most: u32,
    ) -> Result<Vec<ArchiveTrace>, DatabaseError>;

    /// Archives that are to go: doomed ones, those whose upload was not heard of since `written`, and those that were
    /// made before `made`. At most so many, in the order of their ids, after that one.
    async fn overdue_archives(
        &self,
        written: Timestamp,
        made: Timestamp,
        after: Option<ArchiveId>,
        most: u32,
    ) -> Result<Vec<ArchiveTrace>, DatabaseError>;

    /// Dooms an archive: nobody sees it any more, and it is not counted. `false` where it is not there, or has changed
    /// since `seen`.
    async fn doom_archive(
        &self,
        owner: UserId,
        id: ArchiveId,
        seen: Option<Timestamp>,
    ) -> Result<bool, DatabaseError>;

    /// The pieces of a doomed archive are gone.
    async fn forget_archive(&self, id: ArchiveId) -> Result<(), DatabaseError>;

    /// Those of the ids that no archive has.
    async fn unknown_archives(&self, ids: &[ArchiveId]) -> Result<Vec<ArchiveId>, DatabaseError>;
}

/// Whether an archive may be written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It may. What the owner stores so far.
    Granted(Usage),
    /// The owner has no row yet.
    UnknownOwner,
    /// The owner's account is gone.
    Erased,
    /// The owner has as many as may be.
    TooMany,
}

/// What came of completing an archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Completion {
    /// It is there.
    Done,
    /// The owner's account is gone.
    Erased,
    /// There is no room.
    QuotaExceeded(Usage),
    /// It was doomed meanwhile: its upload was not heard of for too long.
    Doomed,
}

/// What the sweeper knows of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ArchiveTrace {
    pub(crate) id: ArchiveId,
    pub(crate) owner: UserId,
    /// When its row changed last.
    pub(crate) changed: Timestamp,
}
