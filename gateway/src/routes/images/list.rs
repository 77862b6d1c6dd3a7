//! `GET /v1/images`

mod candidates;

use axum::extract::State;
use pupila_proto::images::v1::{self as proto, ImageFilter, ListImagesRequest};
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::batch;
use crate::{
    app::Gateway,
    dto::{
        image::{Image, ImageFormat},
        page::{Listing, PageQuery},
        time,
    },
    extract::{Caller, Json, List, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Which images are meant. All that is given must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImageQuery {
    /// Words that the name or description contain, without regard to case.
    #[param(max_length = 100)]
    text: Option<String>,
    /// The format that was found in the file.
    #[param(inline)]
    format: Option<ImageFormat>,
    /// Stored at this time or later: RFC 3339, or a day.
    #[serde(default, deserialize_with = "time::from_query")]
    #[param(value_type = Option<time::TimeOrDay>, inline, example = "2026-11-23")]
    from: Option<prost_types::Timestamp>,
    /// Stored before this time: RFC 3339, or a day.
    #[serde(default, deserialize_with = "time::from_query")]
    #[param(value_type = Option<time::TimeOrDay>, inline)]
    until: Option<prost_types::Timestamp>,
    /// In this album; those of others in it too.
    album: Option<Uuid>,
    /// With this label, as a person said of it last, else as the caller's models said.
    #[param(min_length = 1, max_length = 255)]
    label: Option<String>,
}

/// The filter's fields in the proto, where the query calls them otherwise.
const RENAMED: [(&str, &str); 3] = [
    ("from_time", "from"),
    ("until_time", "until"),
    ("album_id", "album"),
];

/// The caller's images, the newest first
///
/// With `label` by the newest prediction, and an image may come again on a later page; else with `album` in the
/// album's order. With one of both and other filters a page may be short, or even empty, before the last: go on until
/// `next_page_token` is empty.
#[utoipa::path(
    get, path = "/v1/images", tag = "images", operation_id = "list_images",
    security(("bearer" = [])),
    params(ImageQuery, PageQuery),
    responses(
        (status = 200, description = "A page of images", body = Listing<Image>),
        Problems, NotFound,
    ),
)]
pub(crate) async fn list_images(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(query, page): Query<ImageQuery, PageQuery>,
) -> Result<Json<Listing<Image>>, Problem> {
    let found = find(&gateway, &context, query, page.of(&list)?).await;
    let (images, next_page_token) = found.map_err(under_query_names)?;
    Ok(Json(Listing::new(images, next_page_token, &list)))
}

/// A page of images, and where the next one starts.
async fn find(
    gateway: &Gateway,
    context: &RequestContext,
    query: ImageQuery,
    page: (u32, String),
) -> Result<(Vec<proto::Image>, String), Problem> {
    let ImageQuery { album, label, .. } = &query;
    let album = album.map(|album| album.to_string());
    let candidates = match (label.clone(), album) {
        (None, None) => return all(gateway, context, query.into(), page).await,
        (None, Some(album)) => candidates::of_album(gateway, context, album, page).await?,
        (Some(label), None) => candidates::labelled(gateway, context, label, page).await?,
        (Some(label), Some(album)) => {
            let labelled = candidates::labelled(gateway, context, label, page).await?;
            labelled.within(gateway, context, album).await?
        }
    };
    let images = batch::fetch(gateway, context, candidates.ids, query.into()).await?;
    Ok((images, candidates.next_page_token))
}

/// The caller's own.
async fn all(
    gateway: &Gateway,
    context: &RequestContext,
    filter: ImageFilter,
    (page_size, page_token): (u32, String),
) -> Result<(Vec<proto::Image>, String), Problem> {
    let request = ListImagesRequest {
        filter: Some(filter),
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.images.clone().list_images(request).await)?;
    Ok((page.images, page.next_page_token))
}

/// A problem of the services, its fields under the names that the caller sent.
fn under_query_names(problem: Problem) -> Problem {
    problem.rename_fields(|field| {
        let field = field.strip_prefix("filter/").unwrap_or(field);
        let renamed = RENAMED.iter().find(|(proto, _)| *proto == field);
        renamed.map_or(field, |(_, query)| query).to_owned()
    })
}

impl From<ImageQuery> for ImageFilter {
    fn from(query: ImageQuery) -> Self {
        Self {
            text: query.text,
            format: query.format.map(|format| format.as_str().to_owned()),
            from_time: query.from,
            until_time: query.until,
        }
    }
}
