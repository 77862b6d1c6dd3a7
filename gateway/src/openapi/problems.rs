//! What calls answer instead of a result, by kind of call. A handler names those that it can answer.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{
        Content, Header, Object, Ref, RefOr, Response, ResponseBuilder, Type, schema::SchemaType,
    },
};

use crate::problem;

/// Declares sets of problems: a type for each, to be named in a handler's `responses`.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident { $($status:literal: $description:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$(problem($status, $description)),+].into_iter().collect()
            }
        }
    )+};
}

problems! {
    /// Those of every call.
    PublicProblems {
        400: "A field is missing, unknown or malformed; `errors` names it",
        403: "The caller, or a web page of this origin, may not do this",
        429: "Too much at once",
        500: "A fault of the server",
        503: "A service that is needed is away",
        504: "It took too long",
    }
    /// That of a call whose caller is not known, or does not prove who they are.
    Unauthenticated {
        401: "Who calls is not known",
    }
    /// That of a call about something that may not be there.
    NotFound {
        404: "It does not exist, or the caller may not know of it",
    }
    /// That of a call that may clash with what is there.
    Conflict {
        409: "It clashes with what is there",
    }
    /// That of a call with `If-Match`.
    PreconditionFailed {
        412: "It has changed since the caller looked",
    }
    /// Those of a call with a body that is JSON.
    BadJson {
        413: "The body has more bytes than the limit",
        415: "The body is not `application/json`",
    }
    /// That of a call on something that may be there but of no use.
    Unprocessable {
        422: "It is there, but cannot be used",
    }
    /// Those of a call with a file.
    BadFile {
        413: "The file has more bytes than the limit",
        415: "The file's format, or the type of the body, is not read here",
        422: "The file is not an image, or not one that can be used",
    }
}

/// Those of every call that needs to know its caller.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = PublicProblems::responses();
        responses.extend(Unauthenticated::responses());
        responses
    }
}

fn problem(status: u16, description: &str) -> (String, RefOr<Response>) {
    let schema = Ref::from_schema_name("Problem");
    let response = Response::builder()
        .description(description)
        .content(problem::MEDIA_TYPE, Content::new(Some(schema)));
    let response = match status {
        401 => response.header(
            "WWW-Authenticate",
            header(Type::String, "How to tell who calls"),
        ),
        429 | 503 | 504 => response.header(
            "Retry-After",
            header(Type::Integer, "Seconds until it may work"),
        ),
        _ => response,
    };
    (status.to_string(), ResponseBuilder::build(response).into())
}

fn header(r#type: Type, description: &str) -> Header {
    let mut header = Header::new(Object::with_type(SchemaType::new(r#type)));
    header.description = Some(description.to_owned());
    header
}
