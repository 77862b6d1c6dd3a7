//! Numbers in queries.

use serde::{Deserialize, Deserializer, de::Error as _};

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
}
