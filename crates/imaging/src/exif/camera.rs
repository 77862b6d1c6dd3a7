//! With what a picture was taken.

use std::fmt;

use ::exif::Tag;

use super::Fields;

/// Longest make or model, in characters.
const MAX_NAME: usize = 64;

/// A camera. Names have no control characters, no blanks around them, at least one character and at most 64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Camera {
    /// Who made it.
    pub make: Option<String>,
    /// What they call it.
    pub model: Option<String>,
}

impl Camera {
    pub(super) fn of(fields: &Fields) -> Option<Self> {
        let name = |tag| fields.ascii(tag).and_then(name);
        let (make, model) = (name(Tag::Make), name(Tag::Model));
        (make.is_some() || model.is_some()).then_some(Self { make, model })
    }
}

/// Make and model: "NIKON COOLPIX P6000". A model that begins with its make stands alone.
impl fmt::Display for Camera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.make, &self.model) {
            (Some(make), Some(model)) if !begins_with(model, make) => write!(f, "{make} {model}"),
            (_, Some(name)) | (Some(name), None) => f.write_str(name),
            (None, None) => Ok(()),
        }
    }
}

fn begins_with(model: &str, make: &str) -> bool {
    let start = model.as_bytes().get(..make.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(make.as_bytes()))
}

fn name(bytes: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    let text: String = text.trim().chars().take(MAX_NAME).collect();
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_bounded() {
        assert_eq!(name(b"  Canon\x1b[31m \0"), Some("Canon[31m".to_owned()));
        assert_eq!(name(b" \r\n\t"), None);
        assert_eq!(name(&[b'x'; 1000]).map(|name| name.len()), Some(MAX_NAME));
        assert_eq!(name(b"\xFF"), Some("\u{FFFD}".to_owned()));
    }

    #[test]
    fn a_make_is_not_told_twice() {
        let camera = |make: &str, model: &str| {
            let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
            Camera {
                make: some(make),
                model: some(model),
            }
            .to_string()
        };
        assert_eq!(camera("NIKON", "COOLPIX P6000"), "NIKON COOLPIX P6000");
        assert_eq!(camera("Canon", "CANON EOS 5D"), "CANON EOS 5D");
        assert_eq!(camera("", "Pixel 9"), "Pixel 9");
        assert_eq!(camera("Leica", ""), "Leica");
    }
}
