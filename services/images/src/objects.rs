//! The names of objects.
//!
//! ```text
//! originals/<2 digits>/<sha256>/<generation>     the bytes of a blob
//! renditions/<2 digits>/<sha256>/<recipe>         what was made of them
//! archives/<2 digits>/<id>/<piece>                the bytes of a ZIP that waits to be unpacked
//! ```
//!
//! The generation tells an object from those that held the same bytes before: bytes that come again after their last
//! image went are written anew, and a late deletion of the old object cannot touch the new one.

use std::fmt;

use jiff::Timestamp;
use pupila_core::{ArchiveId, Digest};
use pupila_storage::{InvalidKey, StorageKey};
use uuid::{NoContext, Uuid};

const ORIGINALS: &str = "originals";
const RENDITIONS: &str = "renditions";
const ARCHIVES: &str = "archives";

/// The bytes of a blob, as an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Original {
    pub(crate) sha256: Digest,
    pub(crate) generation: Uuid,
}

impl Original {
    /// An object for bytes with that digest, that nobody has written yet.
    pub(crate) fn new(sha256: Digest, now: Timestamp) -> Self {
        Self {
            sha256,
            generation: new_uuid(now),
        }
    }

    /// Its name.
    pub(crate) fn key(&self) -> Result<StorageKey, InvalidKey> {
        StorageKey::new(format!(
            "{}/{}",
            Folder::Original(self.sha256),
            self.generation
        ))
    }

    /// The object of that name; `None` where it is none of ours.
    pub(crate) fn from_key(key: &StorageKey) -> Option<Self> {
        let (sha256, generation) = parse(ORIGINALS, key)?;
        Some(Self {
            sha256,
            generation: generation.parse().ok()?,
        })
    }
}

/// A UUIDv7 of the time `now`.
pub(crate) fn new_uuid(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
}

/// The name of the rendition of a blob by a recipe with that fingerprint: half of a digest, as long as a UUID.
pub(crate) fn rendition(sha256: Digest, fingerprint: &str) -> Result<StorageKey, InvalidKey> {
    let digest = Digest::of(fingerprint.as_bytes()).to_string();
    renditions(sha256)?.join(&digest[..32])
}

/// What the names of all renditions of a blob begin with.
pub(crate) fn renditions(sha256: Digest) -> Result<StorageKey, InvalidKey> {
    StorageKey::new(Folder::Rendition(sha256).to_string())
}

/// The blob that a rendition is of; `None` where it is none of ours.
pub(crate) fn source_of(key: &StorageKey) -> Option<Digest> {
    parse(RENDITIONS, key).map(|(sha256, _)| sha256)
}

/// What the names of all pieces of an archive begin with. The last byte of an id is random, the first ones are not.
pub(crate) fn archive(id: ArchiveId) -> Result<StorageKey, InvalidKey> {
    let [.., last] = *id.as_uuid().as_bytes();
    StorageKey::new(format!("{ARCHIVES}/{last:02x}/{id}"))
}

/// The name of a piece of an archive, counted from 0.
pub(crate) fn piece(id: ArchiveId, number: u64) -> Result<StorageKey, InvalidKey> {
    archive(id)?.join(&number.to_string())
}

/// The archive that a piece is of; `None` where it is none of ours.
pub(crate) fn archive_of(key: &StorageKey) -> Option<ArchiveId> {
    let mut segments = key.as_str().split('/');
    let id = segments.nth(2)?.parse().ok()?;
    let number = segments.next()?.parse().ok()?;
    (piece(id, number).as_ref() == Ok(key)).then_some(id)
}

/// A 256th of all objects: those of blobs whose digest begins with one byte, and of archives whose id ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard(u8);

impl Shard {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).map(Self)
    }

    pub(crate) fn originals(self) -> Result<StorageKey, InvalidKey> {
        StorageKey::new(format!("{ORIGINALS}/{:02x}", self.0))
    }

    pub(crate) fn renditions(self) -> Result<StorageKey, InvalidKey> {
        StorageKey::new(format!("{RENDITIONS}/{:02x}", self.0))
    }

    pub(crate) fn archives(self) -> Result<StorageKey, InvalidKey> {
        StorageKey::new(format!("{ARCHIVES}/{:02x}", self.0))
    }

    /// The least and the greatest digest.
    pub(crate) fn bounds(self) -> [[u8; 32]; 2] {
        [0, u8::MAX].map(|rest| {
            let mut digest = [rest; 32];
            digest[0] = self.0;
            digest
        })
    }
}

enum Folder {
    Original(Digest),
    Rendition(Digest),
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (root, digest) = match self {
            Self::Original(digest) => (ORIGINALS, digest),
            Self::Rendition(digest) => (RENDITIONS, digest),
        };
        write!(f, "{root}/{:02x}/{digest}", digest.as_bytes()[0])
    }
}

/// Digest and last segment of a name below `root` that was made here.
fn parse<'k>(root: &str, key: &'k StorageKey) -> Option<(Digest, &'k str)> {
    let mut segments = key.as_str().split('/');
    let [found, shard, digest, last] = [(); 4].map(|()| segments.next());
    let digest: Digest = digest?.parse().ok()?;
    let ours = found? == root && shard? == format!("{:02x}", digest.as_bytes()[0]);
    (ours && segments.next().is_none()).then_some((digest, last?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_object() {
        let original = Original::new(Digest::of(b""), Timestamp::UNIX_EPOCH);
        let key = original.key().expect("a key");
        assert!(key.as_str().starts_with("originals/e3/e3b0c442"), "{key}");
        assert_eq!(Original::from_key(&key), Some(original));

        let key = rendition(Digest::of(b""), "v1;size=256x0").expect("a key");
        assert!(key.as_str().starts_with("renditions/e3/e3b0c442"), "{key}");
        assert_eq!(source_of(&key), Some(Digest::of(b"")));

        let id = ArchiveId::from_uuid(Uuid::from_u128(0xab));
        let key = piece(id, 3).expect("a key");
        assert!(key.as_str().starts_with("archives/ab/0000"), "{key}");
        assert_eq!(archive_of(&key), Some(id));
    }

    #[test]
    fn names_that_others_made_are_left_alone() {
        let digest = Digest::of(b"");
        let id = Uuid::nil();
        for text in [
            "originals/holiday.jpeg".to_owned(),
            format!("originals/00/{digest}/{id}"),
            format!("originals/e3/{digest}"),
            format!("originals/e3/{digest}/holiday.jpeg"),
            format!("originals/e3/{digest}/{id}/more"),
            format!("elsewhere/e3/{digest}/{id}"),
        ] {
            let key = StorageKey::new(text).expect("a key");
            assert_eq!(Original::from_key(&key), None, "{key}");
        }
        for text in [
            "archives/holiday.zip".to_owned(),
            format!("archives/ab/{id}/0"),
            format!("archives/00/{id}"),
            format!("archives/00/{id}/00"),
            format!("archives/00/{id}/0/0"),
            format!("elsewhere/00/{id}/0"),
        ] {
            let key = StorageKey::new(text).expect("a key");
            assert_eq!(archive_of(&key), None, "{key}");
        }
    }

    #[test]
    fn the_shards_hold_every_digest_once() {
        let digest = *Digest::of(b"").as_bytes();
        let holds = |shard: &Shard| {
            let [least, greatest] = shard.bounds();
            (least..=greatest).contains(&digest)
        };
        let shards: Vec<_> = Shard::all().filter(holds).collect();
        assert_eq!(shards, [Shard(0xe3)]);
    }
}
