//! Whole numbers.

use std::num::NonZeroU32;

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Number;

/// Reads an optional whole number from `MIN` to `MAX`, and says so in words where it is none.
pub(crate) fn whole<'de, const MIN: u32, const MAX: u32, D>(
    deserializer: D,
) -> Result<Option<u32>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    match text.parse() {
        Ok(number) if (MIN..=MAX).contains(&number) => Ok(Some(number)),
        _ => Err(D::Error::custom(format!(
            "expected a whole number from {MIN} to {MAX}"
        ))),
    }
}

/// The largest whole number that every reader of JSON keeps as it is (RFC 8259, section 6).
const MAX_EXACT: u64 = (1 << 53) - 1;

/// Reads a whole number from JSON, or null, as something else than the absence of the field, which is the default.
/// Many a program writes whole numbers with a fraction of zero.
pub(crate) fn nullable<'de, D>(deserializer: D) -> Result<Option<Option<u64>>, D::Error>
where
    D: Deserializer<'de>,
{
    let Some(number) = Option::<Number>::deserialize(deserializer)? else {
        return Ok(Some(None));
    };
    match exact(&number) {
        Some(number) => Ok(Some(Some(number))),
        None => Err(D::Error::custom(format!(
            "expected a whole number from 0 to {MAX_EXACT}"
        ))),
    }
}

/// Reads the number of a version from JSON, or null for none.
pub(crate) fn version<'de, D>(deserializer: D) -> Result<Option<NonZeroU32>, D::Error>
where
    D: Deserializer<'de>,
{
    let Some(number) = Option::<Number>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let version = exact(&number).and_then(|number| u32::try_from(number).ok());
    match version.and_then(NonZeroU32::new) {
        Some(version) => Ok(Some(version)),
        None => Err(D::Error::custom(format!(
            "expected a whole number from 1 to {}",
            u32::MAX
        ))),
    }
}

fn exact(number: &Number) -> Option<u64> {
    let number = number.as_u64().or_else(|| {
        let number = number.as_f64()?;
        let fits = number.fract() == 0.0 && (0.0..=MAX_EXACT as f64).contains(&number);
        fits.then_some(number as u64)
    })?;
    (number <= MAX_EXACT).then_some(number)
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    fn read(text: &str) -> Result<Option<u32>, String> {
        let text: StrDeserializer<'_, Error> = text.into_deserializer();
        whole::<1, 200, _>(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_number_out_of_range_is_told_what_the_range_is() {
        assert_eq!(read("200"), Ok(Some(200)));
        for text in ["0", "201", "-1", "1.5", "", "ten", "99999999999"] {
            let error = read(text).expect_err(text);
            assert_eq!(error, "expected a whole number from 1 to 200");
        }
    }

    #[test]
    fn null_and_fractions_of_zero_are_read() {
        let read = |text: &str| nullable(&mut serde_json::Deserializer::from_str(text)).ok();
        assert_eq!(read("null"), Some(Some(None)));
        assert_eq!(read("0"), Some(Some(Some(0))));
        assert_eq!(read("1e3"), Some(Some(Some(1000))));
        assert_eq!(read("2448416.0"), Some(Some(Some(2_448_416))));
        assert_eq!(read("9007199254740991"), Some(Some(Some(MAX_EXACT))));
        for text in [
            "-1",
            "0.5",
            "9007199254740992",
            "1e300",
            "\"1\"",
            "true",
            "{}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
    #[test]
    fn a_version_is_a_whole_number_from_one() {
        let read = |text: &str| version(&mut serde_json::Deserializer::from_str(text)).ok();
        assert_eq!(read("null"), Some(None));
        assert_eq!(read("2"), Some(NonZeroU32::new(2)));
        assert_eq!(read("2.0"), Some(NonZeroU32::new(2)));
        for text in ["0", "-1", "2.5", "4294967296", "\"2\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
