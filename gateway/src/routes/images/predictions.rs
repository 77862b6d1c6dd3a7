//! `GET /v1/images/{id}/predictions`

use axum::extract::State;
use pupila_proto::history::v1::{ListPredictionsRequest, PredictionFilter};

use crate::{
    app::Gateway,
    dto::{
        page::{Listing, PageQuery},
        prediction::Prediction,
    },
    extract::{Caller, Json, List, Path, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// What the caller's models said of an image, the newest first
///
/// Also of one that was deleted since.
#[utoipa::path(
    get, path = "/v1/images/{id}/predictions", tag = "images", operation_id = "list_image_predictions",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The image's id"), PageQuery),
    responses((status = 200, description = "A page of records", body = Listing<Prediction>), Problems, NotFound),
)]
pub(crate) async fn list_image_predictions(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<Prediction>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListPredictionsRequest {
        filter: Some(PredictionFilter {
            image_id: Some(id),
            ..PredictionFilter::default()
        }),
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.history.clone().list_predictions(request).await;
    let page = message(response).map_err(|problem| {
        problem.rename_fields(|field| match field {
            "filter/image_id" => "id".to_owned(),
            field => field.to_owned(),
        })
    })?;
    Ok(Json(Listing::new(
        page.predictions,
        page.next_page_token,
        &list,
    )))
}
