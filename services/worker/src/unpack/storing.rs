//! Making items of entries.

use std::sync::{Arc, OnceLock};

use pupila_core::Fault as _;
use pupila_proto::{
    history::v1::{Failure, NewItem, Task},
    images::v1::ImageHeader,
};
use tokio::task::spawn_blocking;

use super::{Unpacker, archive_file::ArchiveFile, entry::Entry, error::EntryError, failed};
use crate::{Outcome, result_key::ResultKey};

/// The reason that every larger entry will be refused for too.
const NO_ROOM: &str = "QUOTA_EXCEEDED";

/// Makes items of the entries of one archive.
pub(super) struct Storing<'a> {
    unpacker: &'a Unpacker,
    task: &'a Task,
    /// Where this attempt begins.
    first: u32,
    archive: ArchiveFile,
    /// The size of an entry that its owner had no room for, and what was said of it.
    no_room: OnceLock<(u64, Failure)>,
}

impl<'a> Storing<'a> {
    pub(super) fn new(
        unpacker: &'a Unpacker,
        task: &'a Task,
        first: u32,
        archive: ArchiveFile,
    ) -> Self {
        Self {
            unpacker,
            task,
            first,
            archive,
            no_room: OnceLock::new(),
        }
    }

    /// The item for the entry at that position: a stored image, or why there is none.
    ///
    /// # Errors
    /// The outcome of the attempt, where it makes no sense to go on now.
    pub(super) async fn item(&self, position: u32, entry: Arc<Entry>) -> Result<NewItem, Outcome> {
        let filename = entry.name.clone();
        let size = entry.unpacked_size();
        let no_room = self.no_room.get().filter(|(refused, _)| size >= *refused);
        let stored = match no_room {
            Some((_, failure)) => Err(refused(failure.clone())),
            None => self.store(position, entry).await,
        };
        let (image_id, failure) = match stored {
            Ok(image_id) => (image_id, None),
            Err(Outcome::Failed {
                failure, retryable, ..
            }) if !retryable || self.gives_up(position) => {
                if failure.reason == NO_ROOM {
                    let _ = self.no_room.set((size, failure.clone()));
                }
                (String::new(), Some(failure))
            }
            // Whoever stores other things at the same time may be what brought images down the first time.
            Err(Outcome::Lost { failure, .. })
                if self.task.attempt > 2 && self.gives_up(position) =>
            {
                (String::new(), Some(failure))
            }
            Err(outcome) => return Err(outcome),
        };
        Ok(NewItem {
            filename,
            image_id,
            failure,
        })
    }

    /// Whether a failure of ours is put down to the entry: the attempt before got no further either, for history counts from 1
    /// again with each step forward. Else one entry could keep all that follow it from being unpacked.
    fn gives_up(&self, position: u32) -> bool {
        self.task.attempt > 1 && position == self.first
    }

    /// Answers the image's id.
    async fn store(&self, position: u32, entry: Arc<Entry>) -> Result<String, Outcome> {
        if let Some(refusal) = entry.refusal() {
            return Err(outcome(refusal));
        }
        let Unpacker {
            delegation, images, ..
        } = self.unpacker;
        // The catalogue has refused what is larger than an image may be.
        let _share = images.room(entry.unpacked_size()).await;
        let key = ResultKey::Entry {
            job: &self.task.job_id,
            position,
        };
        let header = ImageHeader {
            name: entry.name.clone(),
            idempotency_key: key.to_string(),
            ..ImageHeader::default()
        };
        let archive = self.archive.clone();
        let unpacked = spawn_blocking(move || entry.unpack(archive)).await;
        let unpacked = unpacked.map_err(|panic| failed(&panic))?;
        let bytes = unpacked.map_err(|error| outcome(&error))?;
        // Asked for each time: an archive takes longer than a token lasts.
        let context = delegation.context(self.task).await?;
        Ok(images.store(&context, header, bytes).await?.id)
    }
}

fn outcome(error: &EntryError) -> Outcome {
    match error {
        EntryError::Disk(_) => failed(error),
        refusal => Outcome::refused(refusal.code(), refusal.reason(), refusal.to_string()),
    }
}

fn refused(failure: Failure) -> Outcome {
    Outcome::Failed {
        failure,
        retryable: false,
        answered: None,
    }
}
