//! Problems as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;

/// Longest path of a field that is told back, in characters.
const MAX_POINTER: usize = 200;

/// A failed request, as JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    #[serde(flatten)]
    problem: FileProblem,
    /// The request's id, the same as in `x-request-id`.
    request_id: String,
}

/// What went wrong with a whole request, or with one of its files.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileProblem {
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// A stable name in upper snake case; `docs/errors.md` lists them.
    #[schema(example = "MODEL_NOT_FOUND")]
    code: String,
    /// The kind of failure in words.
    #[schema(example = "Not Found")]
    title: String,
    /// What went wrong this time.
    detail: String,
    /// The fields at fault, where single fields are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// One field at fault.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// JSON pointer (RFC 6901) to the field.
    #[schema(example = "/parameters/threshold")]
    pointer: String,
    /// What is wrong, and what is allowed.
    detail: String,
}

impl Problem {
    pub(crate) fn body(&self, request_id: &str) -> ProblemBody {
        ProblemBody {
            problem: self.of_file(),
            request_id: request_id.to_owned(),
        }
    }

    /// As one of several results of a request.
    pub(crate) fn of_file(&self) -> FileProblem {
        let status = self.status();
        let errors = self.violations.iter().map(|violation| FieldError {
            pointer: pointer(&violation.field),
            detail: violation.description.clone(),
        });
        FileProblem {
            status: status.as_u16(),
            code: self.reason.clone(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            detail: self.detail.clone(),
            errors: errors.collect(),
        }
    }
}

/// The field's path as a JSON pointer, cut where somebody made it very long. `/` parts the names, so only `~` is left
/// to escape.
fn pointer(field: &str) -> String {
    let field: String = field.chars().take(MAX_POINTER).collect();
    format!("/{}", field.replace('~', "~0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_becomes_a_json_pointer() {
        assert_eq!(pointer("parameters/threshold"), "/parameters/threshold");
        assert_eq!(pointer("a~b"), "/a~0b");
    }
}
