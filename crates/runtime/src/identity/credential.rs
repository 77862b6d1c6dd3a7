//! The token of a caller, as it travels.

use std::{fmt, sync::Arc};

use http::{HeaderMap, header};
use tonic::metadata::{MetadataMap, MetadataValue};

const SCHEME: &str = "Bearer ";

/// The token that a call is made with, if any (RFC 6750). Never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credential(Option<Arc<str>>);

impl Credential {
    /// None: the call is made by nobody.
    pub const NONE: Self = Self(None);

    /// A token.
    #[must_use]
    pub fn bearer(token: &str) -> Self {
        Self(Some(token.into()))
    }

    /// What the `authorization` header of a request says.
    ///
    /// # Errors
    /// It is there and says something else than `Bearer TOKEN`.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, UnknownScheme> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(Self::NONE);
        };
        let text = value.to_str().map_err(|_| UnknownScheme)?;
        let (scheme, token) = text.split_at_checked(SCHEME.len()).ok_or(UnknownScheme)?;
        let token = token.trim();
        if !scheme.eq_ignore_ascii_case(SCHEME) || token.is_empty() {
            return Err(UnknownScheme);
        }
        Ok(Self::bearer(token))
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Sends it along with a call.
    pub(crate) fn attach(&self, metadata: &mut MetadataMap) {
        let header = self.token().map(|token| format!("{SCHEME}{token}"));
        let value = header.and_then(|header| MetadataValue::try_from(header).ok());
        if let Some(mut value) = value {
            value.set_sensitive(true);
            metadata.insert(header::AUTHORIZATION.as_str(), value);
        }
    }
}

/// The `authorization` header is none that is understood here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownScheme;

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Credential(…)"
        } else {
            "Credential(none)"
        })
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(text: &str) -> Result<Credential, UnknownScheme> {
        let value = HeaderValue::from_str(text).expect("a header");
        Credential::from_headers(&HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
    }

    #[test]
    fn a_token_is_read_from_its_header() {
        assert_eq!(read("bearer abc"), Ok(Credential::bearer("abc")));
        for text in ["", "Bearer", "Bearer ", "Basic YTpi", "ñ"] {
            assert_eq!(read(text), Err(UnknownScheme), "{text}");
        }
        assert_eq!(
            Credential::from_headers(&HeaderMap::new()),
            Ok(Credential::NONE)
        );
    }

    #[test]
    fn a_token_is_not_printed() {
        assert!(!format!("{:?}", Credential::bearer("secret")).contains("secret"));
    }
}
