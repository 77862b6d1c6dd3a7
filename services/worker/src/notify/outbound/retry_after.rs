//! `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long the other side asks to be left alone; `None` where it does not say or cannot be understood: a time needs the
/// `Date` that its clock shows. Unbounded.
pub(super) fn read(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => after(text, date(headers)?),
    }
}

fn after(text: &str, now: SystemTime) -> Option<Duration> {
    let time = httpdate::parse_http_date(text).ok()?;
    Some(time.duration_since(now).unwrap_or_default())
}

/// What the other side takes for now.
fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let date = headers.get(reqwest::header::DATE)?.to_str().ok()?;
    httpdate::parse_http_date(date).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::DATE;

    use super::*;

    fn asked(text: &str) -> Option<u64> {
        let headers = [(RETRY_AFTER, text), (DATE, "Mon, 23 Nov 2026 08:00:00 GMT")];
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name, value.parse().expect("a header")));
        read(&headers.collect()).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(asked("120"), Some(120));
        assert_eq!(asked("Mon, 23 Nov 2026 08:01:30 GMT"), Some(90));
        assert_eq!(asked("Mon, 23 Nov 2026 07:00:00 GMT"), Some(0));
        for text in ["", "soon", "-1", "99999999999999999999"] {
            assert_eq!(asked(text), None, "{text}");
        }
    }
}
