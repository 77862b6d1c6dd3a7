//! Keyset pages: a page starts after the last row of the one before, so rows that arrive
//! in between move nothing.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{ErrorCode, Fault, FieldViolation};

/// Which page of a list, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    size: u32,
    after: Option<Cursor>,
}

/// The last row of a page: what the list is sorted by, and its id, which breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is sorted by: a time in whole microseconds since 1970, or a position.
    pub key: i64,
    /// The row's id.
    pub id: Uuid,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Cursor>,
}

/// The page asked for cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidPage {
    /// Too long.
    #[error("page_size must be from 1 to {}", Page::MAX_SIZE)]
    Size,
    /// Not a token of ours.
    #[error("page_token was not given by an earlier answer")]
    Token,
}

impl Page {
    /// Rows in a page when the caller says nothing.
    pub const DEFAULT_SIZE: u32 = 50;
    /// Most rows in a page.
    pub const MAX_SIZE: u32 = 200;
    /// The first page, as long as can be: for those who read a whole list.
    pub const LONGEST: Self = Self {
        size: Self::MAX_SIZE,
        after: None,
    };

    /// A page from what a caller sent: `size` 0 stands for the default, an empty `token` for the first page.
    ///
    /// # Errors
    /// A size over [`Self::MAX_SIZE`], or a token that no earlier answer gave.
    pub fn new(size: u32, token: &str) -> Result<Self, InvalidPage> {
        let size = match size {
            0 => Self::DEFAULT_SIZE,
            1..=Self::MAX_SIZE => size,
            _ => return Err(InvalidPage::Size),
        };
        let after = match token {
            "" => None,
            token => Some(Cursor::from_token(token).ok_or(InvalidPage::Token)?),
        };
        Ok(Self { size, after })
    }

    /// Most rows to answer.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The row that the page starts after.
    #[must_use]
    pub fn after(&self) -> Option<Cursor> {
        self.after
    }

    /// The page, of the same size, that starts after the row `last`.
    #[must_use]
    pub fn following(self, last: Cursor) -> Self {
        Self {
            after: Some(last),
            ..self
        }
    }

    /// Cuts `rows`, read with one more than [`size`](Self::size), to the page, and finds where the next starts.
    #[must_use]
    pub fn cut<T>(&self, mut rows: Vec<T>, cursor: impl Fn(&T) -> Cursor) -> Listing<T> {
        let size = self.size as usize;
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(cursor);
        Listing { items: rows, next }
    }
}

impl Cursor {
    /// The opaque text that callers hand back.
    #[must_use]
    pub fn to_token(&self) -> String {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.key.to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn from_token(token: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (key, id) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            key: i64::from_be_bytes(*key),
            id: Uuid::from_slice(id).ok()?,
        })
    }
}

impl Fault for InvalidPage {
    fn code(&self) -> ErrorCode {
        ErrorCode::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        "INVALID_ARGUMENT"
    }

    fn violations(&self) -> Vec<FieldViolation> {
        let field = match self {
            Self::Size => "page_size",
            Self::Token => "page_token",
        };
        vec![FieldViolation::new(field, self.to_string())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_back_to_its_cursor() {
        let cursor = Cursor {
            key: 1_700_000_000_000_001,
            id: Uuid::from_u128(7),
        };
        let page = Page::new(0, &cursor.to_token()).expect("valid");
        assert_eq!(page.after(), Some(cursor));
        assert_eq!(page.size(), Page::DEFAULT_SIZE);
    }

    #[test]
    fn made_up_tokens_and_sizes_are_refused() {
        assert_eq!(Page::new(201, ""), Err(InvalidPage::Size));
        for token in ["x", "AAAA", "not a token", &"A".repeat(10_000)] {
            assert_eq!(Page::new(1, token), Err(InvalidPage::Token), "{token:.20}");
        }
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let page = Page::new(2, "").expect("valid");
        let cursor = |id: &u128| Cursor {
            key: 0,
            id: Uuid::from_u128(*id),
        };
        assert_eq!(page.cut(vec![3, 2], cursor).next, None);
        let full = page.cut(vec![3, 2, 1], cursor);
        assert_eq!(full.items, [3, 2]);
        assert_eq!(full.next, Some(cursor(&2)));
    }
}
