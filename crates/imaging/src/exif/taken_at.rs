//! When a picture was taken.

use std::fmt;

use ::exif::{DateTime, Tag};
use jiff::{civil, tz::Offset};

use super::Fields;

/// The date, what is left of its second, and the offset: as the shutter was released, as it became digital, and as the
/// file was last changed, in the order of what they are worth.
const CLOCKS: [[Tag; 3]; 3] = [
    [
        Tag::DateTimeOriginal,
        Tag::SubSecTimeOriginal,
        Tag::OffsetTimeOriginal,
    ],
    [
        Tag::DateTimeDigitized,
        Tag::SubSecTimeDigitized,
        Tag::OffsetTimeDigitized,
    ],
    [Tag::DateTime, Tag::SubSecTime, Tag::OffsetTime],
];

/// The time on a camera's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenAt {
    /// Date and time where it was taken.
    pub local: civil::DateTime,
    /// What they are ahead of UTC, if the camera knows.
    pub offset: Option<Offset>,
}

impl TakenAt {
    pub(super) fn of(fields: &Fields) -> Option<Self> {
        CLOCKS.into_iter().find_map(|[date, fraction, offset]| {
            let mut time = DateTime::from_ascii(fields.ascii(date)?).ok()?;
            // Broken details do not spoil the time.
            if let Some(digits) = fields.ascii(fraction) {
                let _ = time.parse_subsec(digits);
            }
            if let Some(digits) = fields.ascii(offset) {
                let _ = time.parse_offset(digits);
            }
            Self::checked(&time)
        })
    }

    /// Nothing of what it says has been checked before: the month may be 99.
    fn checked(time: &DateTime) -> Option<Self> {
        let local = civil::DateTime::new(
            time.year.try_into().ok()?,
            time.month.try_into().ok()?,
            time.day.try_into().ok()?,
            time.hour.try_into().ok()?,
            time.minute.try_into().ok()?,
            time.second.try_into().ok()?,
            time.nanosecond.unwrap_or(0).try_into().ok()?,
        );
        let offset = time
            .offset
            .and_then(|minutes| Offset::from_seconds(i32::from(minutes) * 60).ok());
        Some(Self {
            local: local.ok()?,
            offset,
        })
    }
}

/// RFC 3339, without an offset where there is none: "2008-10-22T16:28:39.25+02:00".
impl fmt::Display for TakenAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local)?;
        let Some(offset) = self.offset else {
            return Ok(());
        };
        let sign = if offset.is_negative() { '-' } else { '+' };
        let minutes = offset.seconds().unsigned_abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}
