//! Letters that nobody sees.

/// Whether nothing of a letter is ever seen: control characters, what ends lines and paragraphs, and those that only say how
/// others are shown, such as marks of direction, joiners and variants.
///
/// Of Unicode all of the categories `Cc`, `Zl` and `Zp`, and of the property `Default_Ignorable_Code_Point`
/// (<https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt>), in which are the marks of UAX #9. The joiners are
/// among them: whoever shapes text as its script wants it must not leave them out, which nobody does here.
#[must_use]
pub fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a letter that is not seen makes others what they are: the joiners, without which Persian is misspelt and families
/// of emoji fall apart, and the variants of symbols.
#[must_use]
pub const fn is_shaping(letter: char) -> bool {
    matches!(letter, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_no_mark_is_known() {
        for letter in "\0\n\u{85}\u{AD}\u{61C}\u{200B}\u{200D}\u{202E}\u{2065}\u{2069}\u{FE0F}\u{FEFF}\u{E0041}".chars() {
            assert!(is_unseen(letter), "{letter:?}");
        }
        for letter in "a ñ\u{301}-…\u{A0}\u{2027}\u{202F}日ص🫁\u{FFFD}".chars() {
            assert!(!is_unseen(letter), "{letter:?}");
        }
    }

    #[test]
    fn what_shapes_others_is_not_seen_itself() {
        for letter in "\u{200C}\u{200D}\u{FE0E}\u{FE0F}".chars() {
            assert!(is_shaping(letter) && is_unseen(letter), "{letter:?}");
        }
        for letter in "a\u{200B}\u{200E}\u{202E}\u{2060}\u{FE00}".chars() {
            assert!(!is_shaping(letter), "{letter:?}");
        }
    }
}
