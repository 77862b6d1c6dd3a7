//! How long a token still holds.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;

/// What a token says of its end (RFC 7519, section 4.1.4).
#[derive(Deserialize)]
struct End {
    /// Seconds since 1970.
    exp: i64,
}

/// How long a token holds that was verified already; not at all where it cannot be read.
pub(super) fn time_left(token: &str, now: Timestamp) -> Duration {
    let left = read(token).and_then(|End { exp }| {
        let end = Timestamp::from_second(exp).ok()?;
        Duration::try_from(end.duration_since(now)).ok()
    });
    left.unwrap_or_default()
}

fn read(token: &str) -> Option<End> {
    let claims = token.split('.').nth(1)?;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&claims).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_until_its_end() {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub": "ana", "exp": 300}"#);
        let left = |token: &str, second| {
            time_left(token, Timestamp::from_second(second).expect("a time")).as_secs()
        };
        let token = format!("header.{claims}.signature");
        assert_eq!(left(&token, 60), 240);
        assert_eq!(left(&token, 300), 0);
        assert_eq!(left(&token, 999), 0);
        for broken in ["", "a.b.c", "header"] {
            assert_eq!(left(broken, 0), 0, "{broken}");
        }
    }
}
