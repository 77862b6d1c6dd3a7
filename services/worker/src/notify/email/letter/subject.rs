//! The subject of a letter, which somebody else may have written.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lettre::message::header::{HeaderName, HeaderValue};

/// How an encoded word begins (RFC 2047).
const BEGIN: &str = "=?";
/// Most bytes of a word: encoded it has 60 characters, and may stand beside the header's name on a line of 76.
const MOST: usize = 36;

/// The header that reads back as `text`, letter by letter. It must have no control characters.
pub(super) fn header(text: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Subject");
    if !text.contains(BEGIN) {
        return HeaderValue::new(name, text.to_owned());
    }
    // Written in plain letters it would be read as what it stands for: line breaks, and whatever else.
    let encoded: Vec<_> = words(text)
        .into_iter()
        .map(|word| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(word)))
        .collect();
    HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded.join("\r\n "))
}

/// Pieces that are encoded each by itself: of whole letters.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.floor_char_boundary(MOST));
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_of_whole_letters() {
        let text = "“=?utf-8?q?=0D=0A?=” está listo, con 2 errores y muchas más letras ñññññññññññ";
        let words = words(text);
        assert_eq!(words.concat(), text);
        assert!(words.len() > 1 && words.iter().all(|word| word.len() <= MOST));
    }
}
