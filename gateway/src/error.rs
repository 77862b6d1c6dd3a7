//! What can be wrong with a request before any service sees it.

use pupila_core::{ErrorCode, Fault, FieldViolation};

/// Of a name that somebody made up, as much is told back, in characters.
const MAX_NAME: usize = 100;

/// A request that the gateway refuses by itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("there is nothing at this address; see /docs")]
    NoSuchRoute,
    #[error("this address does not take that method")]
    MethodNotAllowed,
    #[error("the body must be `multipart/form-data` with a field `file`")]
    NotMultipart,
    #[error("the body must be `multipart/form-data` with a field `file`, or `application/json`")]
    NeitherFormNorJson,
    #[error("the body must be `application/json`")]
    NotJson,
    #[error("this call takes no body")]
    NoBodyWanted,
    #[error("the body must be a JSON object")]
    NotAnObject,
    #[error("the body is not JSON: {0}")]
    BrokenJson(String),
    #[error("the body did not come through")]
    BrokenBody,
    #[error("the body is larger than {limit} bytes")]
    BodyTooLarge { limit: usize },
    #[error("the multipart body is broken: {0}")]
    BrokenMultipart(String),
    #[error("the field `file` is missing")]
    MissingFile,
    #[error("{kind} files are not read here; send a ZIP, or the images themselves")]
    ForeignArchive { kind: &'static str },
    #[error("the file is empty")]
    EmptyFile,
    #[error("the field `{0}` is not known here")]
    UnknownField(String),
    #[error("the field `{0}` was sent more than once")]
    RepeatedField(String),
    #[error("model `{model}` has no version `{version}`")]
    NoSuchVersion { model: String, version: String },
    #[error("{description}")]
    InvalidField { field: String, description: String },
    #[error("it has changed since: its entity tag is none of those in `If-Match`")]
    NoSuchRevision,
    #[error("the file is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the server holds as many uploads as it can; try again")]
    TooManyUploads,
    #[error("you have {limit} event streams open already; close one")]
    TooManyStreams { limit: usize },
    #[error("the request took longer than {seconds} seconds")]
    Timeout { seconds: u64 },
    #[error("the upload stood still for {seconds} seconds")]
    Stalled { seconds: u64 },
    #[error("this server answers requests to localhost only, not to `{0}`")]
    WrongHost(String),
    #[error("web pages of this origin may not call here")]
    CrossOrigin,
    #[error("this server has no accounts: every caller is its local user")]
    AccountsOff,
    #[error("the server failed")]
    Failed,
}

impl RequestError {
    /// A value that cannot be used, and why.
    pub(crate) fn invalid(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::InvalidField {
            field: field.into(),
            description: description.into(),
        }
    }

    /// A field that nothing reads. Only the start of a long name is told.
    pub(crate) fn unknown(field: &str) -> Self {
        Self::UnknownField(field.chars().take(MAX_NAME).collect())
    }

    /// A field that was sent twice.
    pub(crate) fn repeated(field: &str) -> Self {
        Self::RepeatedField(field.chars().take(MAX_NAME).collect())
    }

    /// The field at fault.
    fn field(&self) -> Option<&str> {
        match self {
            Self::MissingFile
            | Self::EmptyFile
            | Self::ForeignArchive { .. }
            | Self::TooLarge { .. } => Some("file"),
            Self::UnknownField(field)
            | Self::RepeatedField(field)
            | Self::InvalidField { field, .. } => Some(field),
            _ => None,
        }
    }
}

impl Fault for RequestError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NoSuchRoute | Self::NoSuchVersion { .. } => ErrorCode::NotFound,
            Self::MethodNotAllowed => ErrorCode::MethodNotAllowed,
            Self::TooLarge { .. } | Self::BodyTooLarge { .. } => ErrorCode::TooLarge,
            Self::NotJson
            | Self::NotMultipart
            | Self::NeitherFormNorJson
            | Self::ForeignArchive { .. } => ErrorCode::UnsupportedFormat,
            Self::NoSuchRevision => ErrorCode::PreconditionFailed,
            Self::TooManyUploads | Self::TooManyStreams { .. } => ErrorCode::ResourceExhausted,
            Self::Timeout { .. } | Self::Stalled { .. } => ErrorCode::DeadlineExceeded,
            Self::WrongHost(_) | Self::CrossOrigin | Self::AccountsOff => {
                ErrorCode::PermissionDenied
            }
            Self::Failed => ErrorCode::Internal,
            _ => ErrorCode::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NoSuchRoute => "ROUTE_NOT_FOUND",
            Self::NoSuchVersion { .. } => "VERSION_NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::TooLarge { .. } | Self::BodyTooLarge { .. } => "TOO_LARGE",
            Self::NotJson | Self::NotMultipart | Self::NeitherFormNorJson => {
                "UNSUPPORTED_MEDIA_TYPE"
            }
            Self::ForeignArchive { .. } => "UNSUPPORTED_FORMAT",
            Self::NoSuchRevision => "REVISION_MISMATCH",
            Self::TooManyUploads => "TOO_MANY_UPLOADS",
            Self::TooManyStreams { .. } => "TOO_MANY_STREAMS",
            Self::Timeout { .. } | Self::Stalled { .. } => "DEADLINE_EXCEEDED",
            Self::WrongHost(_) => "WRONG_HOST",
            Self::CrossOrigin => "CROSS_ORIGIN",
            Self::AccountsOff => "ACCOUNTS_OFF",
            Self::Failed => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        self.field()
            .map(|field| FieldViolation::new(field, self.to_string()))
            .into_iter()
            .collect()
    }
}
