//! Which part of a file a request wants, if any (RFC 9110, sections 13 and 14).

use std::ops::RangeInclusive;

use headers::{ETag, HeaderMapExt as _, IfNoneMatch, IfRange};
use http::{HeaderMap, header};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};
use pupila_runtime::rpc::RpcError;
use tonic::Status;

/// What is to be sent of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Nothing: the caller has it.
    Nothing,
    /// All of it.
    Whole,
    /// The bytes of these positions, counted from 0.
    Part(RangeInclusive<u64>),
    /// A part that is not there.
    Beyond,
}

/// What `request` wants of a file of `size` bytes. A request for several parts gets the whole, as one that cannot be
/// read does.
pub(crate) fn wanted(request: &HeaderMap, etag: &ETag, size: u64) -> Wanted {
    if is_known(request, etag) {
        return Wanted::Nothing;
    }
    let range = request.get(header::RANGE);
    match range.and_then(|range| range.to_str().ok()) {
        Some(range) if continues(request, etag) => part(range, size),
        _ => Wanted::Whole,
    }
}

/// Whether the caller has the file already.
pub(crate) fn is_known(request: &HeaderMap, etag: &ETag) -> bool {
    let known = request.typed_get::<IfNoneMatch>();
    known.is_some_and(|known| !known.precondition_passes(etag))
}

/// Whether the caller's part, if they have one, is of this very file.
fn continues(request: &HeaderMap, etag: &ETag) -> bool {
    let condition = request.typed_get::<IfRange>();
    condition.map_or(!request.contains_key(header::IF_RANGE), |condition| {
        !condition.is_modified(Some(etag), None)
    })
}

/// `tag` as a strong entity tag.
///
/// # Errors
/// The service answered with something that cannot be one.
pub(crate) fn entity_tag(tag: &str) -> Result<ETag, RpcError> {
    let tag = format!("\"{tag}\"").parse();
    tag.map_err(|_| Status::internal("a service answered with a broken entity tag").into())
}

fn part(range: &str, size: u64) -> Wanted {
    let Ok(ranges) = parse_range_header(range) else {
        return Wanted::Whole;
    };
    if ranges.len() > 1 {
        return Wanted::Whole;
    }
    match ranges.validate(size) {
        Ok(ranges) => ranges
            .into_iter()
            .next()
            .map_or(Wanted::Whole, Wanted::Part),
        Err(RangeUnsatisfiableError::Unsatisfiable) => Wanted::Beyond,
        Err(_) => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    fn of_ten_bytes(headers: &[(HeaderName, &'static str)]) -> Wanted {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a header")));
        wanted(&headers.collect(), &entity_tag("a").expect("a tag"), 10)
    }

    #[test]
    fn a_range_is_cut_to_the_file() {
        let range = |text| of_ten_bytes(&[(header::RANGE, text)]);
        assert_eq!(range("bytes=0-3"), Wanted::Part(0..=3));
        assert_eq!(range("bytes=4-"), Wanted::Part(4..=9));
        assert_eq!(range("bytes=8-99"), Wanted::Part(8..=9));
        assert_eq!(range("bytes=-3"), Wanted::Part(7..=9));
        assert_eq!(range("bytes=-99"), Wanted::Part(0..=9));
        assert_eq!(range("bytes=0-18446744073709551615"), Wanted::Part(0..=9));
    }

    #[test]
    fn a_range_after_the_end_is_not_there() {
        for text in ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99-"] {
            assert_eq!(
                of_ten_bytes(&[(header::RANGE, text)]),
                Wanted::Beyond,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_single_range_gets_the_whole() {
        for text in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-3",
            "lines=1-2",
            "bytes=0-1,3-4",
            "bytes=a-b",
        ] {
            assert_eq!(
                of_ten_bytes(&[(header::RANGE, text)]),
                Wanted::Whole,
                "{text}"
            );
        }
    }

    #[test]
    fn a_part_of_another_file_is_not_continued() {
        let range = (header::RANGE, "bytes=4-");
        let with = |tag| of_ten_bytes(&[range.clone(), (header::IF_RANGE, tag)]);
        assert_eq!(with("\"a\""), Wanted::Part(4..=9));
        for other in [
            "\"b\"",
            "W/\"a\"",
            "nonsense",
            "Sat, 29 Oct 1994 19:43:31 GMT",
        ] {
            assert_eq!(with(other), Wanted::Whole, "{other}");
        }
    }

    #[test]
    fn what_the_caller_has_is_not_sent() {
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            let range = (header::RANGE, "bytes=99-");
            let wanted = of_ten_bytes(&[range, (header::IF_NONE_MATCH, known)]);
            assert_eq!(wanted, Wanted::Nothing, "{known}");
        }
        assert_eq!(
            of_ten_bytes(&[(header::IF_NONE_MATCH, "\"b\"")]),
            Wanted::Whole
        );
    }
}
