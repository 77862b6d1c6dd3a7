//! In which format a rendition is written.

use super::names;

/// A format that is written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    Jpeg,
    Png,
    WebP,
}

impl OutputFormat {
    /// Each with its name.
    pub(super) const NAMES: [(&'static str, Self); 3] = [
        ("jpeg", Self::Jpeg),
        ("png", Self::Png),
        ("webp", Self::WebP),
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        names::named(&Self::NAMES, name).ok()
    }

    /// The one that suits the image, of those that the caller takes. WebP is the smallest, but only for those who name
    /// it: a caller who takes anything gets what every program reads.
    pub(super) fn choose(accepted: &[Self], transparent: bool) -> Self {
        let preferred = match (accepted, transparent) {
            ([], true) => return Self::Png,
            ([], false) => return Self::Jpeg,
            (_, true) => [Self::WebP, Self::Png, Self::Jpeg],
            (_, false) => [Self::WebP, Self::Jpeg, Self::Png],
        };
        preferred
            .into_iter()
            .find(|format| accepted.contains(format))
            .unwrap_or(Self::Jpeg)
    }
}

#[cfg(test)]
mod tests {
    use super::{OutputFormat::*, *};

    #[test]
    fn everybody_gets_the_best_that_they_take() {
        for (accepted, opaque, transparent) in [
            (&[][..], Jpeg, Png),
            (&[Png, Jpeg, WebP], WebP, WebP),
            (&[Png, Jpeg], Jpeg, Png),
            (&[Jpeg], Jpeg, Jpeg),
            (&[Png], Png, Png),
        ] {
            assert_eq!(OutputFormat::choose(accepted, false), opaque);
            assert_eq!(OutputFormat::choose(accepted, true), transparent);
        }
    }
}
