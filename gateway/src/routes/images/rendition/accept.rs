//! Which formats a caller takes (RFC 9110, section 12.5.1).

use http::{HeaderMap, header};
use mediatype::{MediaType, MediaTypeList, ReadParams as _, names};

/// The formats that renditions are made in; each is the subtype of its media type too.
const FORMATS: [&str; 3] = ["jpeg", "png", WEBP];
const WEBP: &str = "webp";

/// The formats that the `Accept` header likes best, all of them as much; none, which stands for any, where it takes none
/// of ours. All can be made of every image, so that nobody has to do with the second best.
///
/// WebP must be named: programs that cannot read it ask for `image/*` too.
pub(super) fn accepted_formats(headers: &HeaderMap) -> Vec<String> {
    let accept = headers.get_all(header::ACCEPT).iter();
    let accept: Vec<_> = accept.filter_map(|value| value.to_str().ok()).collect();
    let accept = match accept.as_slice() {
        [] => "*/*".to_owned(),
        values => values.join(","),
    };
    let ranges: Vec<_> = MediaTypeList::new(&accept).filter_map(Result::ok).collect();
    let weights = FORMATS.map(|format| (format, weight(&ranges, format)));
    let best = weights
        .iter()
        .fold(0.0, |best, (_, weight)| weight.max(best));
    weights
        .into_iter()
        .filter(|(_, weight)| *weight > 0.0 && *weight >= best)
        .map(|(format, _)| format.to_owned())
        .collect()
}

/// How much the most specific of the ranges that match likes the format, 0..1; 0 for not at all.
fn weight(ranges: &[MediaType<'_>], format: &str) -> f32 {
    let quality = |kind: &str, subtype: &str| {
        let mut ranges = ranges.iter();
        let range = ranges.find(|range| is_range(range, kind, subtype))?;
        Some(quality(range))
    };
    let wide = || quality("image", "*").or_else(|| quality("*", "*"));
    let quality = match (quality("image", format), format) {
        (None, WEBP) => None,
        (None, _) => wide(),
        (exact, _) => exact,
    };
    quality.unwrap_or(0.0)
}

fn is_range(range: &MediaType<'_>, kind: &str, subtype: &str) -> bool {
    let same = |name: mediatype::Name<'_>, text: &str| name.as_str().eq_ignore_ascii_case(text);
    same(range.ty, kind) && same(range.subty, subtype)
}

/// How much the caller likes it, 0..1.
fn quality(range: &MediaType<'_>) -> f32 {
    let quality = range.get_param(names::Q);
    quality
        .and_then(|quality| quality.as_str().parse().ok())
        .unwrap_or(1.0_f32)
        .clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &'static str) -> Vec<String> {
        let accept = accept.parse().expect("a header");
        accepted_formats(&HeaderMap::from_iter([(header::ACCEPT, accept)]))
    }

    #[test]
    fn browsers_that_read_webp_say_so() {
        let chrome = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
        assert_eq!(accepted(chrome), ["jpeg", "png", "webp"]);
        let old = "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5";
        assert_eq!(accepted(old), ["png"]);
    }

    #[test]
    fn a_caller_who_says_nothing_takes_what_everybody_reads() {
        assert_eq!(accepted_formats(&HeaderMap::new()), ["jpeg", "png"]);
        assert_eq!(accepted("*/*"), ["jpeg", "png"]);
    }

    #[test]
    fn only_what_is_liked_best_is_handed_on() {
        assert_eq!(accepted("image/webp;q=0.1, image/jpeg"), ["jpeg"]);
        assert_eq!(accepted("image/webp;q=0.8, image/*;q=0.8"), FORMATS);
        assert_eq!(accepted("image/webp, */*;q=0.9"), ["webp"]);
        assert_eq!(accepted("image/png;q=0.2, */*;q=0.1"), ["png"]);
        assert_eq!(accepted("image/png;q=7, image/jpeg;q=NaN"), ["png"]);
    }

    #[test]
    fn the_most_specific_range_counts() {
        assert_eq!(accepted("image/*, image/png;q=0"), ["jpeg"]);
        assert_eq!(accepted("image/*;q=0, image/webp;q=0.1, */*"), ["webp"]);
        assert_eq!(accepted("IMAGE/WebP; q=1.0"), ["webp"]);
    }

    #[test]
    fn a_caller_who_takes_none_of_ours_gets_any() {
        for accept in ["text/html", "", ";;;", "*; q=.2", "image/jpeg;q=0"] {
            assert_eq!(accepted(accept), Vec::<String>::new(), "{accept}");
        }
    }
}
