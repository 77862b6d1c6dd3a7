//! How a browser is to take a file of somebody else's.

use http::{HeaderMap, HeaderValue, header};

/// Nothing in a file may load, run or post anything, whatever a browser takes it for.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");

/// `Cache-Control` of what only some may see, and not for ever: it is asked for again before each use, so that neither
/// the next person at a browser nor somebody who was shut out meanwhile gets it out of the cache.
pub(crate) const REVALIDATED: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The media type of an image format of ours, such as `jpeg`.
pub(crate) fn media_type(format: &str) -> HeaderValue {
    HeaderValue::from_static(match format {
        "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "tiff" => "image/tiff",
        _ => "application/octet-stream",
    })
}

/// The headers of every file that users brought.
pub(crate) fn sandboxed() -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING),
    ])
}
