//! `PUT /v1/me/avatar`

use axum::extract::State;
use pupila_proto::images::v1::{ImageHeader, PutAvatarResponse};

use crate::{
    app::Gateway,
    dto::image::Image,
    error::RequestError,
    extract::{Caller, Form, Json},
    openapi::{BadFile, FileForm, Problems},
    problem::Problem,
    upload,
};

/// What the picture is called whose file has no name.
const NAMELESS: &str = "avatar";

/// Set the profile picture
///
/// It takes the place of the one before. Lists of images do not have it.
#[utoipa::path(
    put, path = "/v1/me/avatar", tag = "me", operation_id = "put_avatar",
    security(("bearer" = [])),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The picture as it is stored", body = Image), Problems, BadFile),
)]
pub(crate) async fn put_avatar(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Form(form): Form,
) -> Result<Json<Image>, Problem> {
    let mut fields = gateway.fields(form);
    let mut file = fields.next().await?.ok_or(RequestError::MissingFile)?;
    if file.name() != upload::FILE {
        return Err(RequestError::unknown(&file.name()).into());
    }
    let header = ImageHeader {
        name: Some(file.filename())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| NAMELESS.to_owned()),
        ..ImageHeader::default()
    };
    let mut images = gateway.images.clone();
    let stored: PutAvatarResponse =
        upload::relay(&mut file, header, gateway.call_timeout, |messages| {
            let request = context.stream(messages);
            async move { images.put_avatar(request).await }
        })
        .await?;
    Ok(Json(stored.image.unwrap_or_default().into()))
}
