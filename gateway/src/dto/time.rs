//! Times in JSON and in queries.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, Object, OneOf, RefOr, Schema, SchemaFormat, Type},
};

/// A proto time as RFC 3339 in UTC with microseconds.
pub(crate) fn to_rfc3339(time: prost_types::Timestamp) -> String {
    Timestamp::new(time.seconds, time.nanos)
        .map(|time| format!("{time:.6}"))
        .unwrap_or_default()
}

/// A proto time that is always there.
pub(crate) fn required(time: Option<prost_types::Timestamp>) -> String {
    to_rfc3339(time.unwrap_or_default())
}

/// How the description tells what [`from_query`] takes.
pub(crate) struct TimeOrDay;

impl PartialSchema for TimeOrDay {
    fn schema() -> RefOr<Schema> {
        let text = |format| {
            Object::builder()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(format)))
        };
        let either = OneOf::builder()
            .item(text(KnownFormat::DateTime))
            .item(text(KnownFormat::Date));
        Schema::from(either.build()).into()
    }
}

impl ToSchema for TimeOrDay {}

/// Reads an optional RFC 3339 time from JSON.
pub(crate) fn from_json<'de, D>(deserializer: D) -> Result<Option<prost_types::Timestamp>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    let read = |text: String| {
        let time = text.parse::<Timestamp>().ok().map(to_proto);
        time.ok_or_else(|| D::Error::custom("expected a time like 2026-11-23T08:30:00Z"))
    };
    text.map(read).transpose()
}

/// Reads an optional RFC 3339 time, or a day, which stands for its first moment in UTC.
pub(crate) fn from_query<'de, D>(
    deserializer: D,
) -> Result<Option<prost_types::Timestamp>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    parse(&text).map(Some).ok_or_else(|| {
        D::Error::custom("expected a time like 2026-11-23T08:30:00Z or a day like 2026-11-23")
    })
}

fn parse(text: &str) -> Option<prost_types::Timestamp> {
    let day = |text: &str| {
        let date = text.parse::<Date>().ok()?;
        Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    let time = if text.len() == "2026-11-23".len() {
        day(text)?
    } else {
        text.parse::<Timestamp>().ok()?
    };
    Some(to_proto(time))
}

fn to_proto(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_first_moment() {
        assert_eq!(parse("2026-11-23"), parse("2026-11-23T01:00:00+01:00"));
        assert_eq!(parse("2026-13-01"), None);
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn times_are_written_with_microseconds() {
        let time = parse("2026-11-23T08:30:00.5Z").expect("a time");
        assert_eq!(to_rfc3339(time), "2026-11-23T08:30:00.500000Z");
    }
}
