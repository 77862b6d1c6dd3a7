//! Pages of lists.

use pupila_core::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::number;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// At most this many items.
    #[serde(
        default,
        deserialize_with = "number::whole::<1, { Page::MAX_SIZE }, _>"
    )]
    #[param(minimum = 1, maximum = 200, default = 50)]
    page_size: Option<u32>,
    /// `next_page_token` of the page before.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    page_token: Option<String>,
}

impl PageQuery {
    /// `page_size` and `page_token` as the messages of services tell them.
    pub(crate) fn into_parts(self) -> (u32, String) {
        let size = self.page_size.unwrap_or_default();
        (size, self.page_token.unwrap_or_default())
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    /// The items of this page.
    pub(crate) items: Vec<T>,
    /// Send it as `page_token` for the next page; empty on the last.
    pub(crate) next_page_token: String,
}

impl<T> Listing<T> {
    /// A page as a service answered it.
    pub(crate) fn new<P: Into<T>>(items: Vec<P>, next_page_token: String) -> Self {
        Self {
            items: items.into_iter().map(P::into).collect(),
            next_page_token,
        }
    }
}
