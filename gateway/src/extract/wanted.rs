//! What serde says of values that it cannot read, in words for people.

/// What a value should have been, by the text of serde's error: "a text", "one of `a`, `b`". `None` where the text does
/// not tell.
pub(super) fn wanted(text: &str) -> Option<String> {
    if let Some(ours) = text.strip_prefix("expected ") {
        return Some(ours.to_owned());
    }
    let kinds = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown variant ",
    ];
    if kinds.iter().any(|kind| text.starts_with(kind)) {
        // What was sent comes before, and may hold anything.
        let (_, expected) = text.rsplit_once(", expected ")?;
        return Some(in_words(expected).to_owned());
    }
    let words = match text {
        "provided string was not `true` or `false`" => "`true` or `false`",
        "invalid digit found in string"
        | "cannot parse integer from empty string"
        | "number too large to fit in target type"
        | "number too small to fit in target type" => "a whole number",
        "invalid float literal" | "cannot parse float from empty string" => "a number",
        text if text.starts_with("UUID parsing failed") => "an id",
        _ => return None,
    };
    Some(words.to_owned())
}

/// A type of Rust's or of serde's.
fn in_words(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" | "string" => "a text",
        "a boolean" | "a bool" => "`true` or `false`",
        "a sequence" => "an array",
        "a map" => "an object",
        "f32" | "f64" | "a JSON number" => "a number",
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            "a whole number"
        }
        "a formatted UUID string" | "UUID" => "an id",
        // Of an enum, whose words only a text can be.
        "string or map" | "variant identifier" => "a text",
        expected if expected.starts_with("struct ") => "an object",
        expected => expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_what_they_should_have_sent() {
        for (text, expected) in [
            (
                "expected a whole number from 1 to 200",
                "a whole number from 1 to 200",
            ),
            (
                "unknown variant `urgent`, expected `batch` or `interactive`",
                "`batch` or `interactive`",
            ),
            (
                "unknown variant `a, expected b`, expected one of `c`, `d`",
                "one of `c`, `d`",
            ),
            ("invalid type: integer `5`, expected a string", "a text"),
            ("invalid type: string \"a\", expected f64", "a number"),
            ("invalid type: null, expected struct StepOrder", "an object"),
            ("UUID parsing failed: invalid length: found 3", "an id"),
            (
                "provided string was not `true` or `false`",
                "`true` or `false`",
            ),
        ] {
            assert_eq!(wanted(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(wanted("the album is full"), None);
    }
}
