//! Where rows are kept.
//!
//! Bytes and rows are in two places that no transaction spans. What keeps them together:
//!
//! - An object gets a row in `loose_objects` before it is written. The transaction that stores its image turns the row
//!   into one in `blobs`, or fails where the row is doomed by then. So whatever dies on the way leaves a row that
//!   leads to the object.
//! - An object is deleted only under a doomed row. The transaction that deletes the last image of a blob deletes the
//!   blob and dooms its object; the foreign key of `images` makes an upload of the same bytes come before it, and keep
//!   the blob, or after it, and fail and write a new object.
//! - Whoever changes what an owner has locks the owner's row first, then blobs. Deadlocks that remain are tried again.

mod archives;
mod departures;
mod folding;
mod insert;
mod objects;
mod owners;
#[cfg(test)]
mod plan;
mod remove;
mod row;
mod select;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{Digest, ImageId, Listing, Page, Revision, UserId};
use pupila_db::{Database, DatabaseError};
use uuid::Uuid;

use crate::{
    filter::ImageFilter,
    image::{Image, PublicCopy, Purpose},
    objects::{Original, Shard},
};
pub(crate) use archives::{Admission, ArchiveStore, ArchiveTrace, Completion};
pub(crate) use folding::FoldingStore;
use sql::SqlStore;

/// Everything that is kept in rows.
pub(crate) trait Store:
    ImageStore + OwnerStore + ObjectLedger + ArchiveStore + DepartureStore + FoldingStore
{
}

impl<T> Store for T where
    T: ImageStore + OwnerStore + ObjectLedger + ArchiveStore + DepartureStore + FoldingStore
{
}

/// The images.
#[async_trait]
pub(crate) trait ImageStore: Send + Sync {
    /// Those of the images that are there and pass the filter, in no order.
    async fn find(
        &self,
        ids: &[ImageId],
        filter: &ImageFilter,
    ) -> Result<Vec<Image>, DatabaseError>;

    /// A page of the owner's library, the newest first; those of the same time by id, the highest first.
    async fn list(
        &self,
        owner: UserId,
        filter: &ImageFilter,
        page: Page,
    ) -> Result<Listing<Image>, DatabaseError>;

    /// The owner's profile picture.
    async fn avatar(&self, owner: UserId) -> Result<Option<Image>, DatabaseError>;

    /// The image that a call with that key made, and the digest of the call.
    async fn keyed(
        &self,
        owner: UserId,
        key: &str,
    ) -> Result<Option<(Image, Digest)>, DatabaseError>;

    /// Stores an image, all in one transaction. An avatar takes the place of the one before.
    async fn insert(&self, new: &NewImage<'_>) -> Result<Insertion, DatabaseError>;

    /// Writes name, description, update time and revision, where the image still has the revision `seen`.
    async fn update(&self, image: &Image, seen: Revision) -> Result<bool, DatabaseError>;

    /// Writes what others get of an image.
    async fn republish(&self, id: ImageId, copy: PublicCopy) -> Result<(), DatabaseError>;

    /// Deletes those of the owner's images, all in one transaction. Answers the objects that nobody needs any more,
    /// which are doomed.
    async fn remove(&self, doomed: &Removal<'_>) -> Result<Removed, DatabaseError>;
}

/// An image to store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewImage<'a> {
    pub(crate) image: &'a Image,
    /// The idempotency key, and the digest of the call that it came with.
    pub(crate) key: Option<(&'a str, Digest)>,
    pub(crate) backing: Backing,
    /// Bytes that an owner may store for whom nothing else was set.
    pub(crate) default_quota: u64,
}

/// Where the bytes of a new image are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Backing {
    /// In the blob that another image has.
    Shared,
    /// In an object that was written for it.
    Written(Original),
    /// In an object that was written for it, which the blob is to name instead of one that was lost or damaged.
    Mended { written: Original, lost: Original },
}

/// What came of storing an image.
#[derive(Debug)]
pub(crate) enum Insertion {
    /// It is stored. The objects are those that nobody needs any more, such as that of the avatar before: they are
    /// doomed.
    Done(Vec<Original>),
    /// The owner has no row yet.
    UnknownOwner,
    /// The owner's account is gone.
    Erased,
    /// There is no room.
    QuotaExceeded(Usage),
    /// The key is taken.
    KeyTaken,
    /// The blob that it was to share went meanwhile, or names another object.
    BlobGone,
    /// Somebody else stored the same bytes meanwhile.
    BlobTaken,
    /// The object was doomed meanwhile: it was written too long ago.
    ObjectDoomed,
}

/// Which images to delete.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Removal<'a> {
    pub(crate) owner: UserId,
    pub(crate) ids: &'a [ImageId],
    /// Only images of that purpose; of any where it is `None`.
    pub(crate) purpose: Option<Purpose>,
    /// Only where the image has this revision; more than one image have none in common.
    pub(crate) expected: Option<Revision>,
    pub(crate) now: Timestamp,
}

/// What came of deleting images.
#[derive(Debug)]
pub(crate) enum Removed {
    /// So many are gone. The objects are those that nobody needs any more.
    Done(usize, Vec<Original>),
    /// One has another revision; nothing was deleted.
    RevisionMismatch,
}

/// The owners of images.
#[async_trait]
pub(crate) trait OwnerStore: Send + Sync {
    /// What an owner stores, and may where something else than the default was set.
    async fn usage(&self, owner: UserId) -> Result<Usage, DatabaseError>;

    /// Makes an owner's row, unless it is there.
    async fn welcome(&self, owner: UserId) -> Result<(), DatabaseError>;

    /// Sets how many bytes an owner may store; `None` for the default.
    async fn set_quota(&self, owner: UserId, quota: Option<u64>) -> Result<(), DatabaseError>;

    /// From now on nothing is stored for that owner any more.
    async fn erase(&self, owner: UserId) -> Result<(), DatabaseError>;

    /// Some of the owner's images, at most so many.
    async fn belongings(&self, owner: UserId, most: u32) -> Result<Vec<ImageId>, DatabaseError>;
}

/// What an owner stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Avatars among them.
    pub(crate) images: u64,
    /// Each image counted in full.
    pub(crate) bytes: u64,
    /// Bytes that may be stored; `None` for the default.
    pub(crate) quota: Option<u64>,
}

impl Usage {
    /// Bytes that may be stored, where an owner for whom nothing was set may store `default`.
    pub(crate) fn quota_or(&self, default: u64) -> u64 {
        self.quota.unwrap_or(default)
    }
}

/// Which objects there are, and why.
#[async_trait]
pub(crate) trait ObjectLedger: Send + Sync {
    /// The name of the database: `new`, unless it has one.
    async fn name(&self, new: Uuid) -> Result<Uuid, DatabaseError>;

    /// The object that holds bytes with that digest.
    async fn original(&self, sha256: Digest) -> Result<Option<Original>, DatabaseError>;

    /// An object is about to be written.
    async fn announce(&self, original: Original, now: Timestamp) -> Result<(), DatabaseError>;

    /// Dooms a loose object, unless a blob names it by now.
    async fn doom(&self, original: Original) -> Result<bool, DatabaseError>;

    /// Some of the loose objects, at most so many, in the order of their generations, after that one.
    async fn loose(&self, after: Option<Original>, most: u32) -> Result<Vec<Loose>, DatabaseError>;

    /// A doomed object is gone.
    async fn forget(&self, original: Original) -> Result<(), DatabaseError>;

    /// Those of the objects that have no row of any kind.
    async fn strangers(&self, originals: &[Original]) -> Result<Vec<Original>, DatabaseError>;

    /// The blobs of a shard, at most so many, in the order of their digests, after that one.
    async fn blobs(
        &self,
        shard: Shard,
        after: Option<Digest>,
        most: u32,
    ) -> Result<Vec<Blob>, DatabaseError>;

    /// Deletes a blob, unless an image has it. Answers its object, which is doomed.
    async fn remove_unused(
        &self,
        sha256: Digest,
        now: Timestamp,
    ) -> Result<Option<Original>, DatabaseError>;

    /// Those of the digests that no blob has.
    async fn unknown(&self, digests: &[Digest]) -> Result<Vec<Digest>, DatabaseError>;
}

/// An object that no blob names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loose {
    pub(crate) original: Original,
    /// Whether it is to be deleted; else it is being written.
    pub(crate) doomed: bool,
    pub(crate) since: Timestamp,
}

/// A content that images have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) original: Original,
    /// In bytes.
    pub(crate) size: u64,
    /// Whether some image has it.
    pub(crate) used: bool,
}

/// Images that are gone, of which accounts is still to be told.
#[async_trait]
pub(crate) trait DepartureStore: Send + Sync {
    /// Some of them, at most so many.
    async fn departures(&self, most: u32) -> Result<Vec<ImageId>, DatabaseError>;

    /// accounts knows of these.
    async fn told(&self, ids: &[ImageId]) -> Result<(), DatabaseError>;
}

/// The store in `database`, brought up to date.
///
/// # Errors
/// The database cannot be migrated.
pub(crate) async fn open_store(database: &Database) -> Result<Arc<dyn Store>, DatabaseError> {
    let migrations = sqlx::migrate!("../../migrations/images");
    database.migrate(&migrations).await?;
    Ok(match database {
        Database::MySql(pools) => Arc::new(SqlStore::new(pools.clone())),
        Database::Sqlite(pools) => Arc::new(SqlStore::new(pools.clone())),
    })
}
