//! Reading an uploaded file from a multipart body: at most so many bytes, and no more than memory allows.

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::RequestError;

/// The field that holds the file.
pub(crate) const FILE: &str = "file";
/// Longest file name that is kept, in characters.
const MAX_FILENAME: usize = 255;
/// Longest value of a field that is not a file, in bytes.
const MAX_VALUE: usize = 64 << 10;
/// What one permit of the budget stands for, in bytes.
const UNIT: usize = 64 << 10;

/// How many bytes of uploads this process holds at once, so that a thousand clients cannot exhaust its memory.
#[derive(Debug, Clone)]
pub(crate) struct UploadBudget {
    permits: Arc<Semaphore>,
    max_file_bytes: usize,
}

/// A file as it was sent. Holds its share of the budget until it is dropped.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The last part of the name that the client gave; may be empty.
    pub(crate) filename: String,
    /// Never empty.
    pub(crate) bytes: Bytes,
    _share: Share,
}

/// What an upload holds of the budget.
#[derive(Debug, Default)]
struct Share(Option<OwnedSemaphorePermit>);

impl UploadBudget {
    /// A budget of `max_buffered_bytes` for all uploads and `max_file_bytes` for each.
    pub(crate) fn new(max_buffered_bytes: usize, max_file_bytes: usize) -> Self {
        let units = max_buffered_bytes
            .div_ceil(UNIT)
            .min(Semaphore::MAX_PERMITS);
        Self {
            permits: Arc::new(Semaphore::new(units)),
            max_file_bytes,
        }
    }

    /// Reads one file.
    pub(crate) async fn read(&self, mut field: Field<'_>) -> Result<Upload, RequestError> {
        let limit = self.max_file_bytes;
        let filename = basename(field.file_name().unwrap_or_default());
        let mut share = Share::default();
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(error, limit))? {
            if bytes.len() + chunk.len() > limit {
                return Err(RequestError::TooLarge { limit });
            }
            self.extend(&mut share, bytes.len() + chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        if bytes.is_empty() {
            return Err(RequestError::EmptyFile);
        }
        Ok(Upload {
            filename,
            bytes: bytes.freeze(),
            _share: share,
        })
    }

    /// Takes as much of the budget as `bytes` need.
    fn extend(&self, share: &mut Share, bytes: usize) -> Result<(), RequestError> {
        let held = share
            .0
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = bytes.div_ceil(UNIT).saturating_sub(held);
        if wanted == 0 {
            return Ok(());
        }
        let wanted = u32::try_from(wanted).map_err(|_| RequestError::TooManyUploads)?;
        let more = Arc::clone(&self.permits)
            .try_acquire_many_owned(wanted)
            .map_err(|_| RequestError::TooManyUploads)?;
        match &mut share.0 {
            Some(held) => held.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

/// The next field of the body.
pub(crate) async fn next_field<'a>(
    body: &'a mut Multipart,
    budget: &UploadBudget,
) -> Result<Option<Field<'a>>, RequestError> {
    let limit = budget.max_file_bytes;
    body.next_field()
        .await
        .map_err(|error| broken(error, limit))
}

/// Reads a short text.
pub(crate) async fn read_value(mut field: Field<'_>) -> Result<String, RequestError> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|error| broken(error, MAX_VALUE))?
    {
        if bytes.len() + chunk.len() > MAX_VALUE {
            let description = format!("must be at most {MAX_VALUE} bytes");
            return Err(RequestError::invalid(name, description));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| RequestError::invalid(name, "must be UTF-8 text"))
}

/// A model's version as a caller writes it.
pub(crate) fn read_version(text: &str) -> Result<u32, RequestError> {
    match text.parse() {
        Ok(version) if version > 0 => Ok(version),
        _ => Err(RequestError::invalid(
            "version",
            "must be a whole number from 1",
        )),
    }
}

fn broken(error: MultipartError, limit: usize) -> RequestError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => RequestError::TooLarge { limit },
        _ => RequestError::BrokenMultipart(error.body_text()),
    }
}

/// The last part of a path of any system, without control characters: some clients send the whole path.
fn basename(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let printable = last.chars().filter(|character| !character.is_control());
    printable.take(MAX_FILENAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_only_the_name_is_kept() {
        assert_eq!(basename("/etc/x ray.jpg"), "x ray.jpg");
        assert_eq!(basename(r"C:\Users\ana\tórax.png"), "tórax.png");
        assert_eq!(basename("a\r\nb\0.png"), "ab.png");
        assert_eq!(basename("../.."), "..");
        assert_eq!(basename(&"ñ".repeat(300)).chars().count(), 255);
    }

    #[test]
    fn the_budget_is_given_back() {
        let budget = UploadBudget::new(2 * UNIT, UNIT);
        let (mut first, mut second) = (Share::default(), Share::default());
        budget.extend(&mut first, 1).expect("room");
        budget.extend(&mut first, UNIT + 1).expect("room");
        assert!(budget.extend(&mut second, 1).is_err());
        drop(first);
        budget.extend(&mut second, 2 * UNIT).expect("room again");
    }
}
