//! Texts of others on a terminal.

/// The text, with a replacement character for whatever a terminal would obey instead of showing it: control characters,
/// which colour, move and erase (ECMA-48), and those that turn the direction of writing (Unicode UAX #9, section 2).
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn shown(character: char) -> char {
    match character {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(
            printable("\u{1b}[31mred\r\n\u{9b}2J"),
            "\u{fffd}[31mred\u{fffd}\u{fffd}\u{fffd}2J"
        );
        assert_eq!(printable("x-ray\u{202e}gpj.exe"), "x-ray\u{fffd}gpj.exe");
    }

    #[test]
    fn names_of_any_language_are_shown() {
        for name in ["tórax 日本.png", "صورة.png", "👩‍⚕️.png"] {
            assert_eq!(printable(name), name);
        }
    }
}
