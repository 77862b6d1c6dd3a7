//! The names of objects.

use std::fmt;

use object_store::path::Path;

/// The name of an object: segments with `/` between them, such as `originals/3a/3a7b…`. It is a file's path below a
/// folder too, so it can neither climb out of it nor mean two things on two systems: a segment is made of `a`–`z`,
/// `0`–`9`, `.`, `_` and `-`, never capitals, which some file systems do not tell apart, and is never `.` or `..`.
///
/// No key may be the folder of another: where `a` is an object, `a/b` cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StorageKey(Path);

/// The text cannot name an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot name an object")]
pub struct InvalidKey(String);

impl StorageKey {
    /// The longest key, in bytes. S3 takes 1024, with the prefix.
    pub const MAX_LEN: usize = 512;
    /// The longest segment, in bytes. File systems take 255; a file that is being written has a longer name.
    pub const MAX_SEGMENT: usize = 200;

    /// A key.
    ///
    /// # Errors
    /// The text is no key.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidKey> {
        let text = text.into();
        let valid = text.len() <= Self::MAX_LEN && text.split('/').all(is_segment);
        match Path::parse(&text) {
            Ok(path) if valid => Ok(Self(path)),
            _ => Err(InvalidKey(text)),
        }
    }

    /// A key below this one.
    ///
    /// # Errors
    /// The two together are no key.
    pub fn join(&self, below: &str) -> Result<Self, InvalidKey> {
        Self::new(format!("{self}/{below}"))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl fmt::Display for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_segment(segment: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=StorageKey::MAX_SEGMENT).contains(&segment.len())
        && segment
            .bytes()
            .all(|byte| plain(byte) || b"._-".contains(&byte))
        && !segment.bytes().all(|byte| byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_keys() {
        for text in ["a", "originals/3a/3a7b", "renditions/w256_h256.webp", ".a"] {
            let key = StorageKey::new(text).expect(text);
            assert_eq!(key.as_str(), text);
        }
        let longest = ["a".repeat(StorageKey::MAX_SEGMENT), "b".repeat(200)].join("/");
        assert!(StorageKey::new(longest).is_ok());
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_no_key() {
        for text in [
            "",
            "/",
            "/etc/passwd",
            "a/",
            "a//b",
            ".",
            "..",
            "...",
            "a/../../b",
            "a/./b",
            "..\\b",
            "a\\b",
            "c:",
            "~",
            "a#1",
            "a?b",
            "a%2e%2e",
            "a b",
            "a\0",
            "a\n",
            "A",
            "ñ",
            "a\u{202e}b",
            &"a".repeat(StorageKey::MAX_SEGMENT + 1),
            &"a/".repeat(StorageKey::MAX_LEN),
        ] {
            let error = StorageKey::new(text).expect_err(text);
            assert_eq!(error, InvalidKey(text.to_owned()));
        }
    }

    #[test]
    fn a_key_below_another_obeys_the_same_rules() {
        let key = StorageKey::new("renditions").expect("a key");
        assert_eq!(key.join("a/b").expect("a key").as_str(), "renditions/a/b");
        assert!(key.join("../originals").is_err());
        assert!(key.join("").is_err());
    }
}
