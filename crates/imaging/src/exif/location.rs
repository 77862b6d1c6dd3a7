//! Where a picture was taken.

use ::exif::{Rational, Tag, Value};

use super::Fields;

/// Metres below and above the sea that somebody can stand or fly at.
const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=100_000.0;

/// A place on the earth (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// Metres above the sea, -12,000 to 100,000.
    pub altitude: Option<f64>,
}

impl Location {
    pub(super) fn of(fields: &Fields) -> Option<Self> {
        let latitude = degrees(fields, Tag::GPSLatitude, (Tag::GPSLatitudeRef, b"NS"))?;
        let longitude = degrees(fields, Tag::GPSLongitude, (Tag::GPSLongitudeRef, b"EW"))?;
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then(|| {
            Self {
                latitude,
                longitude,
                altitude: altitude(fields),
            }
        })
    }
}

/// Degrees, minutes and seconds, with a letter for either direction.
fn degrees(fields: &Fields, tag: Tag, (side, letters): (Tag, &[u8; 2])) -> Option<f64> {
    let Value::Rational(parts) = fields.value(tag)? else {
        return None;
    };
    // Degrees there must be.
    parts.first()?;
    let mut sum = 0.0;
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        sum += number(part)? / unit;
    }
    let [positive, negative] = letters;
    match fields.ascii(side)?.first()?.to_ascii_uppercase() {
        letter if letter == *positive => Some(sum),
        letter if letter == *negative => Some(-sum),
        _ => None,
    }
}

fn altitude(fields: &Fields) -> Option<f64> {
    let Value::Rational(parts) = fields.value(Tag::GPSAltitude)? else {
        return None;
    };
    let metres = number(parts.first()?)?;
    let below = fields
        .value(Tag::GPSAltitudeRef)
        .and_then(|it| it.get_uint(0))
        == Some(1);
    let metres = if below { -metres } else { metres };
    ALTITUDES.contains(&metres).then_some(metres)
}

/// Nothing for what was divided by zero.
fn number(rational: &Rational) -> Option<f64> {
    (rational.denom > 0).then(|| rational.to_f64())
}
