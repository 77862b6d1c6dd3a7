//! How much there may be. The widths of texts are those of the columns, so that every engine refuses the same.

use std::ops::RangeInclusive;

use super::{AlbumChange, AlbumError, NewAlbum};
use crate::{AccountsError, violations::Violations};

/// Most images of an album.
pub(super) const IMAGES: u64 = 100_000;
/// Most members of an album.
pub(super) const MEMBERS: u64 = 1_000;
/// Most links of an album, those that have expired among them.
pub(super) const LINKS: u64 = 1_000;

/// Characters of a name. Any characters: people name albums in all scripts and with all signs.
const NAME: RangeInclusive<usize> = 1..=100;
/// Characters of a description.
const DESCRIPTION: RangeInclusive<usize> = 0..=2_000;
/// Characters of a link's password.
const LINK_PASSWORD: RangeInclusive<usize> = 4..=200;
/// Most images in one call: as many as a page has.
const IMAGES_IN_CALL: usize = 200;

impl NewAlbum {
    /// Refuses an album that cannot be stored, with every field at fault.
    pub(super) fn check(&self) -> Result<(), AlbumError> {
        check_texts([
            ("name", Some(&self.name), NAME),
            ("description", Some(&self.description), DESCRIPTION),
        ])
    }
}

impl AlbumChange {
    /// Refuses a change that cannot be stored, with every field at fault.
    pub(super) fn check(&self) -> Result<(), AlbumError> {
        check_texts([
            ("name", self.name.as_ref(), NAME),
            ("description", self.description.as_ref(), DESCRIPTION),
        ])
    }
}

/// Refuses a link's password that keeps nobody out, or is too long to be one.
pub(super) fn check_link_password(password: Option<&String>) -> Result<(), AlbumError> {
    check_texts([("password", password, LINK_PASSWORD)])
}

/// Refuses a call with more images than it may have.
pub(super) fn check_images(field: &str, count: usize) -> Result<(), AlbumError> {
    let mut violations = Violations::default();
    let rule = format!("must have at most {IMAGES_IN_CALL} entries");
    violations.require(count <= IMAGES_IN_CALL, field, rule);
    finish(violations)
}

fn check_texts<const N: usize>(
    texts: [(&str, Option<&String>, RangeInclusive<usize>); N],
) -> Result<(), AlbumError> {
    let mut violations = Violations::default();
    for (field, text, range) in texts {
        // Counts no further than it must.
        let length = text.map(|text| text.chars().take(range.end() + 1).count());
        let fits = length.is_none_or(|length| range.contains(&length));
        let (least, most) = range.into_inner();
        let rule = format!("must have from {least} to {most} characters");
        violations.require(fits, field, rule);
    }
    finish(violations)
}

fn finish(violations: Violations) -> Result<(), AlbumError> {
    Ok(violations.finish().map_err(AccountsError::Invalid)?)
}
