//! All items of a job, one after the other.

use futures_util::{Stream, TryStreamExt as _, stream};
use pupila_core::Page;
use pupila_proto::history::v1::{JobItem, ListItemsRequest};

use super::items;
use crate::{app::Gateway, authentication::LastingContext, problem::Problem};

/// The items of a job, by position. A page is asked for when the one before was taken.
pub(super) fn items(
    gateway: Gateway,
    context: LastingContext,
    job_id: String,
) -> impl Stream<Item = Result<JobItem, Problem>> + Send + 'static {
    let first = Some(String::new());
    let pages = stream::try_unfold(first, move |token| {
        let (gateway, context) = (gateway.clone(), context.clone());
        let job_id = job_id.clone();
        async move {
            let Some(page_token) = token else {
                return Ok::<_, Problem>(None);
            };
            let request = ListItemsRequest {
                job_id,
                state: None,
                page_size: Page::MAX_SIZE,
                page_token,
            };
            let page = items::fetch(&gateway, &context.get().await?, request).await?;
            let next = Some(page.next_page_token).filter(|token| !token.is_empty());
            Ok(Some((page.items, next)))
        }
    });
    pages
        .map_ok(|items| stream::iter(items.into_iter().map(Ok)))
        .try_flatten()
}
