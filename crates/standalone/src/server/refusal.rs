//! What a server answers in the place of what was asked for.

use std::{fmt, io, path::PathBuf};

use reqwest::{Response, StatusCode};
use serde::Deserialize;

use crate::terminal::printable;

/// A server did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    /// The file with the API key cannot be read.
    #[error("the file {} with the API key cannot be read", .0.display())]
    KeyFile(PathBuf, #[source] io::Error),
    /// What the command line names cannot be part of an address.
    #[error("`{0}` cannot be part of an address")]
    Path(String),
    /// It is not there, or the connection broke.
    #[error("the server cannot be reached")]
    Away(#[from] reqwest::Error),
    /// It refused.
    #[error("{0}")]
    Refused(Refusal),
}

/// Why a server refused: an RFC 9457 problem.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    problem: Problem,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: String,
    detail: String,
    errors: Vec<FieldError>,
}

#[derive(Debug, Deserialize)]
struct FieldError {
    pointer: String,
    detail: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem {
            code,
            detail,
            errors,
        } = &self.problem;
        if code.is_empty() {
            return write!(f, "the server answered {}", self.status);
        }
        write!(f, "{} ({})", printable(detail), printable(code))?;
        for error in errors {
            write!(f, "\n  {}", printable(&error.pointer))?;
            if !detail.contains(&error.detail) {
                write!(f, ": {}", printable(&error.detail))?;
            }
        }
        Ok(())
    }
}

impl ServerError {
    /// Whether the same may work in a while: the server is away or busy.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Away(_) => true,
            Self::Refused(refusal) => {
                refusal.status.is_server_error() || refusal.status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::KeyFile(..) | Self::Path(_) => false,
        }
    }
}

/// The response, if the server did what it was asked for.
///
/// # Errors
/// It did not.
pub(super) async fn check(response: Response) -> Result<Response, ServerError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let problem = response.json().await.unwrap_or_default();
    Err(ServerError::Refused(Refusal { status, problem }))
}
