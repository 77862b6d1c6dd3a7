//! Short texts on one line: names and titles.

use std::borrow::Cow;

use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::openapi;

/// No control characters, and something that can be seen. The service that keeps it checks it, and cuts off white space
/// around it.
const PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";

/// A text of 1 to `MAX` characters on one line.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Line<const MAX: usize>(pub(crate) String);

impl<const MAX: usize> PartialSchema for Line<MAX> {
    fn schema() -> RefOr<Schema> {
        openapi::text(1..=MAX).pattern(Some(PATTERN)).into()
    }
}

impl<const MAX: usize> ToSchema for Line<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Line{MAX}").into()
    }
}
