//! Pages of lists.

use pupila_core::{InvalidPage, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::number;
use crate::extract::List;

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
    #[param(pattern = "^([A-Za-z0-9_-]{40})?$")]
    page_token: Option<String>,
}

impl PageQuery {
    /// `page_size` and `page_token` as the messages of services tell them.
    ///
    /// # Errors
    /// The token is none of this list.
    pub(crate) fn of(self, list: &List) -> Result<(u32, String), InvalidPage> {
        let token = self.page_token.unwrap_or_default();
        Ok((self.page_size.unwrap_or_default(), list.open(&token)?))
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    /// The items of this page.
    items: Vec<T>,
    /// Send it as `page_token` for the next page; empty on the last.
    next_page_token: String,
}

impl<T> Listing<T> {
    /// A list without pages.
    pub(crate) fn whole<P: Into<T>>(items: impl IntoIterator<Item = P>) -> Self {
        Self {
            items: items.into_iter().map(P::into).collect(),
            next_page_token: String::new(),
        }
    }

    /// A page of `list` as a service answered it.
    pub(crate) fn new<P: Into<T>>(items: Vec<P>, next_page_token: String, list: &List) -> Self {
        Self {
            items: items.into_iter().map(P::into).collect(),
            next_page_token: list.seal(next_page_token),
        }
    }
}
