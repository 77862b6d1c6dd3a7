//! How much there may be. The widths of texts are those of the columns, so that every engine refuses the same.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::{AlbumChange, AlbumError, NewAlbum, NewLink};
use crate::violations::Violations;

/// Most albums of a user.
pub(super) const ALBUMS: u64 = 10_000;
/// Most images of an album.
pub(super) const IMAGES: u64 = 100_000;
/// Most members of an album.
pub(super) const MEMBERS: u64 = 1_000;
/// Most links of an album, those that have expired among them.
pub(super) const LINKS: u64 = 1_000;

/// Characters of a name. Any but control characters: people name albums in all scripts and with all signs.
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
        check_texts(Some(&self.name), Some(&self.description))
    }
}

impl AlbumChange {
    /// Refuses a change that cannot be stored, with every field at fault.
    pub(super) fn check(&self) -> Result<(), AlbumError> {
        check_texts(self.name.as_deref(), self.description.as_deref())
    }
}

impl NewLink {
    /// Refuses a link that has ended at `now`, or whose password keeps nobody out.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), AlbumError> {
        let mut violations = Violations::default();
        let lasts = self.expire_time.is_none_or(|end| end > now);
        violations.require(lasts, "expire_time", "must lie in the future");
        require_length(
            &mut violations,
            "password",
            self.password.as_deref(),
            LINK_PASSWORD,
        );
        Ok(violations.finish()?)
    }
}

/// Whether a text can be a link's password.
pub(super) fn is_link_password(text: &str) -> bool {
    has_length(text, &LINK_PASSWORD)
}

/// Refuses a call that names fewer images than `least`, or more than it may.
pub(super) fn check_images(field: &str, least: usize, count: usize) -> Result<(), AlbumError> {
    let mut violations = Violations::default();
    let fits = (least..=IMAGES_IN_CALL).contains(&count);
    let rule = format!("must have from {least} to {IMAGES_IN_CALL} entries");
    violations.require(fits, field, rule);
    Ok(violations.finish()?)
}

fn check_texts(name: Option<&str>, description: Option<&str>) -> Result<(), AlbumError> {
    let mut violations = Violations::default();
    if let Some(name) = name {
        violations.require_text("name", name, NAME);
    }
    require_length(&mut violations, "description", description, DESCRIPTION);
    Ok(violations.finish()?)
}

fn require_length(
    violations: &mut Violations,
    field: &str,
    text: Option<&str>,
    length: RangeInclusive<usize>,
) {
    let fits = text.is_none_or(|text| has_length(text, &length));
    let (least, most) = length.into_inner();
    let rule = format!("must have from {least} to {most} characters");
    violations.require(fits, field, rule);
}

/// Whether a text has so many characters. Counts no further than it must.
fn has_length(text: &str, length: &RangeInclusive<usize>) -> bool {
    let count = text.chars().take(length.end() + 1).count();
    length.contains(&count)
}
