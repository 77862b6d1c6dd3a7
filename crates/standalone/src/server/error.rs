//! Why a server did not do what it was asked for.

use std::{io, path::PathBuf, time::Duration};

use reqwest::{StatusCode, Url};

use super::refusal::Refusal;

/// A server did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    /// The file with the API key cannot be read.
    #[error("the file {} with the API key cannot be read", .0.display())]
    KeyFile(PathBuf, #[source] io::Error),
    /// It cannot stand in a header.
    #[error("the API key has a character that no key has, such as a line break")]
    Key,
    /// What the command line names cannot be part of an address.
    #[error("`{0}` cannot be part of an address")]
    Path(String),
    /// It cannot be asked, now or later: a circle of redirects, for example.
    #[error("the server cannot be asked")]
    Unasked(#[source] reqwest::Error),
    /// Nobody is there.
    #[error("the server cannot be reached")]
    Away(#[source] reqwest::Error),
    /// Somebody was there.
    #[error("the connection to the server broke")]
    Broken(#[source] reqwest::Error),
    /// Somebody is there and says nothing.
    #[error("the server said nothing for {} seconds", .0.as_secs())]
    Silent(Duration),
    /// Something else answers at this address; in words what.
    #[error("{0} is answered by something that is no Pupila of this version: {1}")]
    Foreign(Url, String),
    /// It refused.
    #[error("{0}")]
    Refused(Refusal),
}

impl ServerError {
    /// Whether the same may work in a while: the server is away or busy.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Away(_) | Self::Broken(_) | Self::Silent(_) => true,
            Self::Refused(refusal) => {
                let status = refusal.status();
                status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::KeyFile(..)
            | Self::Key
            | Self::Path(_)
            | Self::Unasked(_)
            | Self::Foreign(..) => false,
        }
    }
}

impl From<reqwest::Error> for ServerError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() || error.is_redirect() {
            Self::Unasked(error)
        } else if error.is_connect() {
            Self::Away(error)
        } else {
            Self::Broken(error)
        }
    }
}
