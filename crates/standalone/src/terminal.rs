//! What people read on a terminal.

use std::io::{self, ErrorKind, StdoutLock, Write as _};

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

/// The text in at most so many characters: of a long name the beginning and the end, which has the number and the format.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept / 2, kept - kept / 2);
    let (head, tail) = (
        &characters[..head],
        &characters[characters.len().saturating_sub(tail)..],
    );
    head.iter().chain(&['…']).chain(tail).collect()
}

/// Prints the answer of a command. A reader that has seen enough (`| head`) is no fault.
///
/// # Errors
/// It cannot be written for another reason, such as a full disk.
pub(crate) fn answer(write: impl FnOnce(&mut StdoutLock<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
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

    #[test]
    fn a_long_name_keeps_its_ends() {
        assert_eq!(shortened("tórax-0001.png", 14), "tórax-0001.png");
        assert_eq!(shortened("tórax-of-ward-7-0001.png", 14), "tórax-…001.png");
        assert_eq!(shortened("ab", 1), "…");
    }
}
