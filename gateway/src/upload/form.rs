//! The fields of a multipart body.

use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use pupila_core::is_unseen;
use sha2::{Digest as _, Sha256};

use crate::error::RequestError;

/// The field that holds a file.
pub(crate) const FILE: &str = "file";
/// Most files of one form: each leaves a result in memory.
pub(crate) const MAX_FILES: usize = 1000;
/// What a file is called that has no name.
pub(crate) const NAMELESS: &str = "image";
/// Longest file name that is kept, in characters.
const MAX_FILENAME: usize = 255;
/// Longest text in a field, in bytes.
const MAX_TEXT: usize = 64 << 10;

/// The fields of a form, one after the other.
pub(crate) struct Fields {
    form: Multipart,
    limit: usize,
    patience: Duration,
}

/// One field of a form, read piece by piece and never past its limit.
#[derive(Debug)]
pub(crate) struct FormField<'a> {
    field: Field<'a>,
    limit: usize,
    left: usize,
    patience: Duration,
    /// What was looked at before its turn.
    ahead: BytesMut,
    ended: bool,
    /// Of what came since [`hash`](Self::hash).
    hasher: Option<Sha256>,
}

impl Fields {
    /// Those of `form`, of at most `limit` bytes each. Its sender may pause for as long as `patience`.
    pub(crate) fn new(form: Multipart, limit: usize, patience: Duration) -> Self {
        Self {
            form,
            limit,
            patience,
        }
    }

    /// The next one; `None` at the end of the form.
    pub(crate) async fn next(&mut self) -> Result<Option<FormField<'_>>, RequestError> {
        let Self {
            form,
            limit,
            patience,
        } = self;
        let field = tokio::time::timeout(*patience, form.next_field()).await;
        let field = field.map_err(|_| stalled(*patience))?;
        let field = field.map_err(|error| broken(error, *limit))?;
        Ok(field.map(|field| FormField {
            field,
            limit: *limit,
            left: *limit,
            patience: *patience,
            ahead: BytesMut::new(),
            ended: false,
            hasher: None,
        }))
    }
}

impl FormField<'_> {
    /// Its name; may be empty.
    pub(crate) fn name(&self) -> String {
        self.field.name().unwrap_or_default().to_owned()
    }

    /// Of a file, the last part of the name that the client gave; may be empty.
    pub(crate) fn filename(&self) -> String {
        basename(self.field.file_name().unwrap_or_default())
    }

    /// Its first bytes, at most `length`. They still come with [`next`](Self::next).
    pub(crate) async fn peek(&mut self, length: usize) -> Result<&[u8], RequestError> {
        while self.ahead.len() < length {
            match self.read().await? {
                Some(chunk) => self.ahead.extend_from_slice(&chunk),
                None => break,
            }
        }
        Ok(&self.ahead[..length.min(self.ahead.len())])
    }

    /// Takes the digest of all that comes from now on.
    pub(crate) fn hash(&mut self) {
        self.hasher = Some(Sha256::new());
    }

    /// The SHA-256 of what came since [`hash`](Self::hash), where that was asked for.
    pub(crate) fn digest(self) -> Option<[u8; 32]> {
        self.hasher.map(|hasher| hasher.finalize().into())
    }

    /// Lets it have as many bytes as `limit`, where it may have fewer now.
    pub(crate) fn widen(&mut self, limit: usize) {
        self.left += limit.saturating_sub(self.limit);
        self.limit = self.limit.max(limit);
    }

    /// Throws away what is left, at most `most` bytes of it.
    pub(crate) async fn skip(&mut self, most: usize) -> Result<(), RequestError> {
        self.left = most;
        while self.next().await?.is_some() {}
        Ok(())
    }

    /// The next bytes, at least one; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, RequestError> {
        let bytes = match self.ahead.is_empty() {
            true => self.read().await?,
            false => Some(self.ahead.split().freeze()),
        };
        if let (Some(hasher), Some(bytes)) = (&mut self.hasher, &bytes) {
            hasher.update(bytes);
        }
        Ok(bytes)
    }

    async fn read(&mut self) -> Result<Option<Bytes>, RequestError> {
        while !self.ended {
            let chunk = tokio::time::timeout(self.patience, self.field.chunk()).await;
            let chunk = chunk.map_err(|_| stalled(self.patience))?;
            let chunk = chunk.map_err(|error| broken(error, self.limit))?;
            let length = chunk.as_ref().map_or(0, Bytes::len);
            self.left = self
                .left
                .checked_sub(length)
                .ok_or(RequestError::TooLarge { limit: self.limit })?;
            self.ended = chunk.is_none();
            if length > 0 {
                return Ok(chunk);
            }
        }
        Ok(None)
    }

    /// Reads a short text.
    pub(crate) async fn text(mut self) -> Result<String, RequestError> {
        let name = self.name();
        let mut bytes = Vec::new();
        while let Some(chunk) = self.next().await? {
            if bytes.len() + chunk.len() > MAX_TEXT {
                let description = format!("must be at most {MAX_TEXT} bytes");
                return Err(RequestError::invalid(name, description));
            }
            bytes.extend_from_slice(&chunk);
        }
        String::from_utf8(bytes).map_err(|_| RequestError::invalid(name, "must be UTF-8 text"))
    }
}

/// An upload that stood still for too long.
pub(super) fn stalled(patience: Duration) -> RequestError {
    let seconds = patience.as_secs();
    RequestError::Stalled { seconds }
}

fn broken(error: MultipartError, limit: usize) -> RequestError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => RequestError::TooLarge { limit },
        _ => RequestError::BrokenMultipart(error.body_text()),
    }
}

/// The last part of a path of any system, without letters that nobody sees or that turn the direction of others: some
/// clients send the whole path.
fn basename(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.chars().filter(|letter| !is_unseen(*letter));
    seen.take(MAX_FILENAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_only_the_name_is_kept() {
        assert_eq!(basename("/etc/x ray.jpg"), "x ray.jpg");
        assert_eq!(basename(r"C:\Users\ana\tórax.png"), "tórax.png");
        assert_eq!(basename("a\r\nb\0.png"), "ab.png");
        assert_eq!(basename("exe\u{202E}gnp.png"), "exegnp.png");
        assert_eq!(basename("../.."), "..");
        assert_eq!(basename(&"ñ".repeat(300)).chars().count(), 255);
    }
}
