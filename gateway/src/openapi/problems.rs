//! What calls answer instead of a result. A handler names the kinds that it can answer with.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{
        Components, Content, Header, Object, Ref, RefOr, Response, Type, schema::SchemaType,
    },
};

use crate::problem;

/// Every status of a problem: its name in the document, and what it says.
const STATUSES: [(u16, &str, &str); 15] = [
    (
        400,
        "InvalidArgument",
        "A field is missing, unknown or malformed; `errors` names it",
    ),
    (401, "Unauthenticated", "Who calls is not known"),
    (
        403,
        "PermissionDenied",
        "The caller, or a web page of this origin, may not do this",
    ),
    (
        404,
        "NotFound",
        "It does not exist, or the caller may not know of it",
    ),
    (
        405,
        "MethodNotAllowed",
        "The address does not take that method",
    ),
    (409, "Conflict", "It clashes with what is there"),
    (
        412,
        "PreconditionFailed",
        "It has changed since the caller looked",
    ),
    (413, "TooLarge", "More bytes than the limit"),
    (
        415,
        "UnsupportedMediaType",
        "The body's type, or the file's format, is not read here",
    ),
    (
        416,
        "RangeNotSatisfiable",
        "None of the bytes asked for are there",
    ),
    (
        422,
        "Unprocessable",
        "Well-formed, but what it holds cannot be used",
    ),
    (429, "ResourceExhausted", "Too much at once"),
    (500, "Internal", "A fault of the server"),
    (503, "Unavailable", "Something that is needed is away"),
    (504, "DeadlineExceeded", "It took too long"),
];

/// Declares kinds of problems: a type for each, to be named in a handler's `responses`.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident: $($status:literal),+;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                references(&[$($status),+])
            }
        }
    )+};
}

problems! {
    /// Those of every call.
    PublicProblems: 400, 403, 429, 500, 503, 504;
    /// Those of every call that needs to know its caller.
    Problems: 400, 401, 403, 429, 500, 503, 504;
    /// That of a call about something that may not be there.
    NotFound: 404;
    /// That of a call that may clash with what is there.
    Conflict: 409;
    /// That of a call with `If-Match`.
    PreconditionFailed: 412;
    /// Those of a call with a body that is JSON.
    BadJson: 413, 415;
    /// Those of a call with a file.
    BadFile: 413, 415, 422;
    /// That of a call with `Range`.
    NoSuchRange: 416;
    /// That of a call on something that may be there but of no use.
    Unprocessable: 422;
}

/// Puts the problems among the components that calls refer to.
pub(super) fn register(components: &mut Components) {
    let responses = STATUSES
        .map(|(status, name, description)| (name.to_owned(), response(status, description).into()));
    components.responses.extend(responses);
}

fn references(statuses: &[u16]) -> BTreeMap<String, RefOr<Response>> {
    STATUSES
        .into_iter()
        .filter(|(status, ..)| statuses.contains(status))
        .map(|(status, name, _)| (status.to_string(), Ref::from_response_name(name).into()))
        .collect()
}

fn response(status: u16, description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let response = Response::builder()
        .description(description)
        .content(problem::MEDIA_TYPE, Content::new(Some(schema)));
    let response = match status {
        401 => response.header(
            "WWW-Authenticate",
            header(Type::String, "How to tell who calls"),
        ),
        405 => response.header("Allow", header(Type::String, "The methods that it takes")),
        416 => response.header(
            "Content-Range",
            header(Type::String, "How many bytes there are: `bytes */146515`"),
        ),
        429 | 503 | 504 => response.header(
            "Retry-After",
            header(Type::Integer, "Seconds until it may work"),
        ),
        _ => response,
    };
    response.build()
}

fn header(r#type: Type, description: &str) -> Header {
    let mut header = Header::new(Object::with_type(SchemaType::new(r#type)));
    header.description = Some(description.to_owned());
    header
}
