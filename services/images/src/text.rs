//! What names, descriptions and keys may be. The widths are those of the columns.

use pupila_core::IdempotencyKey;
use unicode_normalization::UnicodeNormalization as _;

use crate::violations::Violations;

/// Most characters of a name.
pub(crate) const NAME: usize = 255;
/// Most characters of a description.
pub(crate) const DESCRIPTION: usize = 2000;

/// The last part of a path of any system, without control characters: some clients send the whole path.
pub(crate) fn file_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).collect()
}

/// The release of [`folded`]. It grows when texts are folded otherwise, and those that are stored are folded anew then.
pub(crate) const FOLDING: i64 = 2;

/// The words of a search, or the text that is searched: neither case counts, nor whether a letter and its accent are
/// one character or two, as a Mac writes file names (Unicode's NFC).
pub(crate) fn folded(text: &str) -> String {
    // Lower case takes some letters apart again.
    let whole: String = text.nfc().collect();
    whole.to_lowercase().nfc().collect()
}

/// Whether the text has at most `most` characters. Counts no further than that.
pub(crate) fn fits(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
}

pub(crate) fn check_name(violations: &mut Violations, name: &str) {
    let holds = !name.is_empty() && fits(name, NAME) && !name.chars().any(char::is_control);
    violations.require(holds, "name", || {
        format!("must have from 1 to {NAME} characters, none of them control characters")
    });
}

pub(crate) fn check_description(violations: &mut Violations, description: &str) {
    let plain = |letter: char| !letter.is_control() || "\n\r\t".contains(letter);
    let holds = fits(description, DESCRIPTION) && description.chars().all(plain);
    violations.require(holds, "description", || {
        format!(
            "must have at most {DESCRIPTION} characters, none of them control characters but line breaks and tabs"
        )
    });
}

pub(crate) fn check_key(violations: &mut Violations, key: &str) {
    if let Err(rule) = key.parse::<IdempotencyKey>() {
        violations.require(false, "idempotency_key", || rule.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_only_the_name_is_kept() {
        assert_eq!(file_name("/etc/x ray.jpg"), "x ray.jpg");
        assert_eq!(file_name(r"C:\Users\ana\tórax.png"), "tórax.png");
        assert_eq!(file_name("a\r\nb\0.png"), "ab.png");
        assert_eq!(file_name("/"), "");
    }

    #[test]
    fn neither_case_nor_the_way_of_writing_accents_counts() {
        for text in ["T\u{f3}rax", "To\u{301}rax", "TO\u{301}RAX"] {
            assert_eq!(folded(text), "t\u{f3}rax");
        }
        assert_eq!(folded("I\u{307}"), folded("\u{130}"));
    }

    #[test]
    fn texts_that_no_column_holds_are_refused() {
        let blamed = |check: fn(&mut Violations, &str), text: &str| {
            let mut violations = Violations::default();
            check(&mut violations, text);
            violations.finish().is_err()
        };
        for name in ["", "a\nb", &"ñ".repeat(256)] {
            assert!(blamed(check_name, name), "{name}");
        }
        assert!(!blamed(check_name, &"🫁".repeat(255)));
        assert!(!blamed(check_description, "first\n\tsecond"));
        for description in ["a\0b", &"x".repeat(2001)] {
            assert!(blamed(check_description, description));
        }
        for key in ["", "a b", "ñ", &"k".repeat(201)] {
            assert!(blamed(check_key, key), "{key}");
        }
        assert!(!blamed(check_key, &"k".repeat(200)));
    }
}
