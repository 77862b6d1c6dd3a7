//! What a server answers in the place of what was asked for.

use std::fmt;

use reqwest::{Response, StatusCode};
use serde::Deserialize;

use super::ServerError;
use crate::terminal::printable;

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

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The problem's code, such as `JOB_NOT_FOUND`; empty where no problem came with the status.
    pub(crate) fn code(&self) -> &str {
        &self.problem.code
    }

    /// Whether it is about that field, a JSON pointer.
    pub(crate) fn is_about(&self, pointer: &str) -> bool {
        let mut errors = self.problem.errors.iter();
        errors.any(|error| error.pointer == pointer)
    }
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
