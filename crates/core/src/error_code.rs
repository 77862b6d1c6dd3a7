//! The kinds of failure, and the only place that knows their numbers in gRPC and HTTP.

/// What kind of failure it is: decides how a caller may react.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The request is malformed or out of range; sending it again does not help.
    InvalidArgument,
    /// Who calls is not known.
    Unauthenticated,
    /// The caller may not do this.
    PermissionDenied,
    /// It does not exist, or the caller may not know of it.
    NotFound,
    /// It exists, but this cannot be done to it.
    MethodNotAllowed,
    /// It clashes with what is there.
    Conflict,
    /// It has changed since the caller looked.
    PreconditionFailed,
    /// More bytes than the limit.
    TooLarge,
    /// A format that is not read here.
    UnsupportedFormat,
    /// None of the bytes asked for are there.
    RangeNotSatisfiable,
    /// Well-formed, but what it holds cannot be used.
    Unprocessable,
    /// Too many at once; later it may work.
    ResourceExhausted,
    /// A fault of ours.
    Internal,
    /// Something needed is not there now.
    Unavailable,
    /// It took too long.
    DeadlineExceeded,
}

impl ErrorCode {
    const ALL: [Self; 15] = [
        Self::InvalidArgument,
        Self::Unauthenticated,
        Self::PermissionDenied,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::TooLarge,
        Self::UnsupportedFormat,
        Self::RangeNotSatisfiable,
        Self::Unprocessable,
        Self::ResourceExhausted,
        Self::Internal,
        Self::Unavailable,
        Self::DeadlineExceeded,
    ];

    /// Its stable name, which travels beside the gRPC number because several codes share one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The status code in gRPC (`google.rpc.Code`).
    #[must_use]
    pub const fn grpc(self) -> i32 {
        self.row().1
    }

    /// The status code in HTTP (RFC 9110).
    #[must_use]
    pub const fn http(self) -> u16 {
        self.row().2
    }

    /// The code of that [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }

    /// The nearest code for a gRPC status that does not carry a name: one from a library or a proxy.
    #[must_use]
    pub fn from_grpc(number: i32) -> Self {
        Self::ALL
            .into_iter()
            .find(|code| code.grpc() == number)
            .unwrap_or(Self::Internal)
    }

    const fn row(self) -> (&'static str, i32, u16) {
        match self {
            Self::InvalidArgument => ("INVALID_ARGUMENT", 3, 400),
            Self::Unauthenticated => ("UNAUTHENTICATED", 16, 401),
            Self::PermissionDenied => ("PERMISSION_DENIED", 7, 403),
            Self::NotFound => ("NOT_FOUND", 5, 404),
            Self::MethodNotAllowed => ("METHOD_NOT_ALLOWED", 12, 405),
            Self::Conflict => ("CONFLICT", 6, 409),
            Self::PreconditionFailed => ("PRECONDITION_FAILED", 10, 412),
            Self::TooLarge => ("TOO_LARGE", 11, 413),
            Self::UnsupportedFormat => ("UNSUPPORTED_FORMAT", 3, 415),
            Self::RangeNotSatisfiable => ("RANGE_NOT_SATISFIABLE", 11, 416),
            Self::Unprocessable => ("UNPROCESSABLE", 9, 422),
            Self::ResourceExhausted => ("RESOURCE_EXHAUSTED", 8, 429),
            Self::Internal => ("INTERNAL", 13, 500),
            Self::Unavailable => ("UNAVAILABLE", 14, 503),
            Self::DeadlineExceeded => ("DEADLINE_EXCEEDED", 4, 504),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_name(code.name()), Some(code));
        }
        assert_eq!(ErrorCode::from_name("TEAPOT"), None);
    }

    #[test]
    fn a_bare_grpc_status_gets_the_general_code() {
        assert_eq!(ErrorCode::from_grpc(3), ErrorCode::InvalidArgument);
        assert_eq!(ErrorCode::from_grpc(2), ErrorCode::Internal);
    }
}
