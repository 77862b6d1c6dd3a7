//! The languages of the page.

use http::{HeaderMap, header};

/// A language that the page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Spanish,
}

impl Language {
    /// That of a code of ours, such as `es`.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// Its code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// What the caller reads best of ours (`Accept-Language`, RFC 9110, section 12.5.4); English for who says nothing.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let ranges = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(Self::range);
        let best = ranges.fold((Self::English, 0.0), |best, range| {
            if range.1 > best.1 { range } else { best }
        });
        best.0
    }

    /// A language of ours, and how much it is liked, 0..1: `es-ES;q=0.8`.
    fn range(text: &str) -> Option<(Self, f32)> {
        let mut parts = text.split(';').map(str::trim);
        let tag = parts.next()?.to_ascii_lowercase();
        let language = Self::from_code(tag.split('-').next()?)?;
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        let weight = weight.map_or(Some(1.0), |weight| weight.parse().ok())?;
        Some((language, weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(text: &'static str) -> Language {
        let value = text.parse().expect("a header");
        Language::accepted(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]))
    }

    #[test]
    fn the_language_that_is_liked_best_is_spoken() {
        assert_eq!(accepted("es-ES,es;q=0.9,en;q=0.8"), Language::Spanish);
        assert_eq!(accepted("en-GB;q=0.5, ES;q=0.7"), Language::Spanish);
        assert_eq!(accepted("de, en;q=0.3, es;q=0.2"), Language::English);
    }

    #[test]
    fn who_says_nothing_of_use_is_spoken_to_in_english() {
        for text in ["", "de", "*", "es;q=0", "es;q=x", ";;;", "esperanto"] {
            assert_eq!(accepted(text), Language::English, "{text}");
        }
        assert_eq!(Language::accepted(&HeaderMap::new()), Language::English);
    }
}
