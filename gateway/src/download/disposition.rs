//! What a file is called when it is saved (RFC 6266).

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What `filename*` cannot hold as it is: all but `attr-char` of RFC 8187.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// To be shown; called `name` where it is saved.
pub(crate) fn inline(name: &str) -> HeaderValue {
    disposition("inline", name)
}

/// To be saved as `name`.
pub(crate) fn attachment(name: &str) -> HeaderValue {
    disposition("attachment", name)
}

/// The name twice: in ASCII for old programs, and as it is. It is no path for either.
fn disposition(kind: &'static str, name: &str) -> HeaderValue {
    let name = name.replace(['/', '\\'], "_");
    let plain: String = name.chars().map(to_plain).collect();
    let exact = utf8_percent_encode(&name, EXTENDED);
    let value = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static(kind))
}

/// A character that means nothing inside quotation marks, to no program: some undo `%xx` there.
fn to_plain(character: char) -> char {
    match character {
        '"' | '%' => '_',
        ' '..='~' => character,
        _ => '_',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_quotation_marks() {
        assert_eq!(
            inline("x\"; filename=evil.exe\r\nSet-Cookie: a=b"),
            "inline; filename=\"x_; filename=evil.exe__Set-Cookie: a=b\"; \
             filename*=UTF-8''x%22%3B%20filename%3Devil.exe%0D%0ASet-Cookie%3A%20a%3Db"
        );
        assert_eq!(
            attachment("../../etc/passwd"),
            "attachment; filename=\".._.._etc_passwd\"; filename*=UTF-8''.._.._etc_passwd"
        );
    }

    #[test]
    fn a_name_of_any_language_is_kept() {
        assert_eq!(
            inline("tórax 日.png"),
            "inline; filename=\"t_rax _.png\"; filename*=UTF-8''t%C3%B3rax%20%E6%97%A5.png"
        );
    }
}
