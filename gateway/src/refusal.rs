//! Well-formed requests that the gateway refuses because of what they are about.

use pupila_core::{ErrorCode, Fault, FieldViolation};

/// Of unknown images, as many are named.
const MAX_NAMED: usize = 10;

/// Why what is asked for cannot be done with what is there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the file has {size} bytes, none of which are in that range")]
    NoSuchRange { size: u64 },
    #[error("images that do not exist, or that are not yours: {}", named(.0))]
    NotYourImages(Vec<String>),
    #[error("images that do not exist, or that you may not see: {}", named(.0))]
    UnknownImages(Vec<String>),
    #[error("the stored image is larger than {limit} bytes")]
    StoredTooLarge { limit: usize },
    #[error("the prediction is of an image that was only sent along, so it cannot be repeated")]
    ImageNotStored,
}

fn named(ids: &[String]) -> String {
    let named: Vec<_> = ids
        .iter()
        .take(MAX_NAMED)
        .map(|id| format!("`{id}`"))
        .collect();
    let named = named.join(", ");
    match ids.len().saturating_sub(MAX_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

impl Fault for Refusal {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NoSuchRange { .. } => ErrorCode::RangeNotSatisfiable,
            Self::NotYourImages(_) | Self::UnknownImages(_) => ErrorCode::NotFound,
            Self::StoredTooLarge { .. } => ErrorCode::TooLarge,
            Self::ImageNotStored => ErrorCode::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NoSuchRange { .. } => "RANGE_NOT_SATISFIABLE",
            Self::NotYourImages(_) | Self::UnknownImages(_) => "IMAGE_NOT_FOUND",
            Self::StoredTooLarge { .. } => "TOO_LARGE",
            Self::ImageNotStored => "IMAGE_NOT_STORED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        let field = match self {
            Self::NotYourImages(_) | Self::UnknownImages(_) => "image_ids",
            Self::StoredTooLarge { .. } => "image_id",
            _ => return Vec::new(),
        };
        vec![FieldViolation::new(field, self.to_string())]
    }
}
