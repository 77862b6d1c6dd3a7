//! The rules of what users do with images of their own.

use std::sync::Arc;

use pupila_core::{Clock, Digest, ImageId, Listing, Page, Revision, UserId};
use pupila_imaging::Limits;
use tokio::sync::Notify;

use crate::{
    ImagesError,
    archives::Archives,
    disposal::Disposal,
    examine::examine,
    filter::ImageFilter,
    image::{Image, Purpose},
    pool::Pool,
    shelf::{Placement, Shelf},
    store::{Removal, Removed, Store, Usage},
    text,
    upload::{Upload, UploadError},
    violations::Violations,
};

/// How often a change begins that met another one on its way.
const ATTEMPTS: usize = 20;
/// Images that are erased in one transaction.
const ERASED_AT_ONCE: u32 = 100;

/// What users do with images of their own.
pub(crate) struct Library {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) shelf: Shelf,
    pub(crate) disposal: Disposal,
    /// They go with their owner too.
    pub(crate) archives: Archives,
    pub(crate) pool: Pool,
    pub(crate) limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
    /// Rung when images go, of which accounts is to be told.
    pub(crate) departed: Arc<Notify>,
}

/// What to change of an image.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

impl Library {
    /// Stores an uploaded image. Once this answers, it outlives the process. A call that is repeated with its
    /// idempotency key finds what the first one made.
    pub(crate) async fn create(
        &self,
        owner: UserId,
        purpose: Purpose,
        upload: Upload,
    ) -> Result<Image, ImagesError> {
        let Upload {
            header,
            bytes,
            share,
        } = upload;
        let (keep_location, limits) = (header.keep_location, self.limits);
        // The share goes where the bytes go, which may outlive a caller who hangs up.
        let job = move || (examine(bytes, keep_location, &limits), share);
        let (examined, _share) = self.pool.run("examine", job).await?;
        let examined = examined.map_err(UploadError::Image)?;
        let call = header.call_digest(purpose, examined.sent);
        let key = header.key.as_deref().map(|key| (key, call));
        if let Some(known) = self.repeated(owner, key).await? {
            return Ok(known);
        }
        let now = self.clock.now();
        let image = Image {
            id: ImageId::new(now),
            owner,
            purpose,
            file: examined.file,
            name: header.name,
            description: header.description,
            create_time: now,
            update_time: now,
            revision: Revision::FIRST,
        };
        let refusal = match self.shelf.put(&image, examined.bytes, key).await {
            Ok(Placement::Done) => return Ok(image),
            Ok(Placement::KeyTaken) => ImagesError::Contended,
            // The first call of this key may have taken the room just now.
            Err(full @ ImagesError::QuotaExceeded { .. }) => full,
            Err(error) => return Err(error),
        };
        self.repeated(owner, key).await?.ok_or(refusal)
    }

    /// What the first call with that key made.
    async fn repeated(
        &self,
        owner: UserId,
        key: Option<(&str, Digest)>,
    ) -> Result<Option<Image>, ImagesError> {
        let Some((key, call)) = key else {
            return Ok(None);
        };
        match self.store.keyed(owner, key).await? {
            Some((image, first)) if first == call => Ok(Some(image)),
            Some(_) => Err(ImagesError::KeyReused),
            None => Ok(None),
        }
    }

    /// A page of the owner's library, the newest first.
    pub(crate) async fn list(
        &self,
        owner: UserId,
        filter: &ImageFilter,
        page: Page,
    ) -> Result<Listing<Image>, ImagesError> {
        filter.check()?;
        Ok(self.store.list(owner, filter, page).await?)
    }

    /// Changes one of the owner's images.
    pub(crate) async fn update(
        &self,
        owner: UserId,
        id: ImageId,
        changes: &Changes,
        expected: Option<Revision>,
    ) -> Result<Image, ImagesError> {
        changes.check()?;
        for _ in 0..ATTEMPTS {
            let image = self.own(owner, id).await?;
            let seen = image.revision;
            if expected.is_some_and(|expected| expected != seen) {
                return Err(ImagesError::RevisionMismatch);
            }
            if changes.name.is_none() && changes.description.is_none() {
                return Ok(image);
            }
            let changed = Image {
                name: changes.name.clone().unwrap_or(image.name),
                description: changes.description.clone().unwrap_or(image.description),
                update_time: self.clock.now(),
                revision: seen.next(),
                ..image
            };
            if self.store.update(&changed, seen).await? {
                return Ok(changed);
            }
        }
        Err(ImagesError::Contended)
    }

    async fn own(&self, owner: UserId, id: ImageId) -> Result<Image, ImagesError> {
        let found = self.store.find(&[id], &ImageFilter::default()).await?;
        found
            .into_iter()
            .find(|image| image.owner == owner && image.purpose == Purpose::Library)
            .ok_or(ImagesError::NotFound(id))
    }

    /// Deletes one of the owner's images, and its bytes where no other image has them.
    pub(crate) async fn delete(
        &self,
        owner: UserId,
        id: ImageId,
        expected: Option<Revision>,
    ) -> Result<(), ImagesError> {
        let ids = [id];
        let removal = Removal {
            expected,
            ..self.removal(owner, &ids, Some(Purpose::Library))
        };
        match self.remove(&removal).await? {
            0 => Err(ImagesError::NotFound(id)),
            _ => Ok(()),
        }
    }

    /// The owner's profile picture.
    pub(crate) async fn avatar(&self, owner: UserId) -> Result<Image, ImagesError> {
        let avatar = self.store.avatar(owner).await?;
        avatar.ok_or(ImagesError::NoAvatar)
    }

    /// Deletes the owner's profile picture.
    pub(crate) async fn delete_avatar(&self, owner: UserId) -> Result<(), ImagesError> {
        let avatar = self.avatar(owner).await?;
        let removal = self.removal(owner, std::slice::from_ref(&avatar.id), None);
        match self.remove(&removal).await? {
            0 => Err(ImagesError::NoAvatar),
            _ => Ok(()),
        }
    }

    /// What a user stores, and may.
    pub(crate) async fn usage(&self, owner: UserId) -> Result<Usage, ImagesError> {
        let usage = self.store.usage(owner).await?;
        Ok(Usage {
            quota: Some(usage.quota_or(self.shelf.default_quota)),
            ..usage
        })
    }

    /// Sets how much a user may store; `None` for the configured default.
    pub(crate) async fn set_quota(
        &self,
        owner: UserId,
        quota: Option<u64>,
    ) -> Result<Usage, ImagesError> {
        self.store.set_quota(owner, quota).await?;
        self.usage(owner).await
    }

    /// Deletes everything that a user owns, and stores nothing for them any more. Begins where an earlier call was
    /// broken off.
    pub(crate) async fn erase(&self, owner: UserId) -> Result<(), ImagesError> {
        self.store.erase(owner).await?;
        self.archives.erase(owner).await?;
        loop {
            let ids = self.store.belongings(owner, ERASED_AT_ONCE).await?;
            if ids.is_empty() {
                return Ok(());
            }
            self.remove(&self.removal(owner, &ids, None)).await?;
        }
    }

    fn removal<'a>(
        &self,
        owner: UserId,
        ids: &'a [ImageId],
        purpose: Option<Purpose>,
    ) -> Removal<'a> {
        Removal {
            owner,
            ids,
            purpose,
            expected: None,
            now: self.clock.now(),
        }
    }

    /// Answers how many images are gone.
    async fn remove(&self, removal: &Removal<'_>) -> Result<usize, ImagesError> {
        match self.store.remove(removal).await? {
            Removed::RevisionMismatch => Err(ImagesError::RevisionMismatch),
            Removed::Done(count, doomed) => {
                self.departed.notify_one();
                self.disposal.dispose_all(doomed).await;
                Ok(count)
            }
        }
    }
}

impl Changes {
    fn check(&self) -> Result<(), ImagesError> {
        let mut violations = Violations::default();
        if let Some(name) = &self.name {
            text::check_name(&mut violations, name);
        }
        if let Some(description) = &self.description {
            text::check_description(&mut violations, description);
        }
        violations.finish()
    }
}
