//! How a prediction is asked for: with an image in a form, or with the id of a stored one in JSON.

use std::{collections::HashMap, num::NonZeroU32};

use axum::extract::{FromRequest, Multipart, Request};
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    analysis::{self, Options},
    app::Gateway,
    dto::number,
    error::RequestError,
    extract::{Form, Json, is_form, is_json},
    picture::Picture,
    problem::Problem,
    upload,
};

/// A prediction as it is asked for.
pub(crate) enum Order {
    Form(Multipart),
    StoredImage(StoredImageOrder),
}

/// A stored image and how to analyse it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredImageOrder {
    /// The image.
    image_id: Uuid,
    /// The model; the default one where it is left out.
    #[schema(example = "pneumonia")]
    model: Option<String>,
    /// The version; the newest where it is left out.
    #[serde(default, deserialize_with = "number::version")]
    #[schema(value_type = Option<u32>, minimum = 1)]
    version: Option<NonZeroU32>,
    /// The parameters that the model declares.
    #[serde(default)]
    #[schema(value_type = HashMap<String, f64>, example = json!({"threshold": 0.4}))]
    parameters: HashMap<String, Value>,
}

impl FromRequest<Gateway> for Order {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Self::Rejection> {
        if is_json(request.headers()) {
            let Json(order) = Json::from_request(request, gateway).await?;
            return Ok(Self::StoredImage(order));
        }
        if !is_form(request.headers()) {
            return Err(RequestError::NeitherFormNorJson.into());
        }
        let Form(form) = Form::from_request(request, gateway).await?;
        Ok(Self::Form(form))
    }
}

impl Order {
    /// The image, and how to analyse it.
    pub(super) async fn read(
        self,
        gateway: &Gateway,
        context: &RequestContext,
    ) -> Result<(Picture, Options), Problem> {
        match self {
            Self::Form(form) => Ok(read_form(form, gateway).await?),
            Self::StoredImage(order) => {
                let options = Options {
                    model: order.model.unwrap_or_default(),
                    version: order.version.map(NonZeroU32::get),
                    parameters: analysis::read_parameters(order.parameters)?,
                };
                let image_id = order.image_id.to_string();
                let picture = Picture::stored(gateway, context, image_id).await?;
                Ok((picture, options))
            }
        }
    }
}

async fn read_form(form: Multipart, gateway: &Gateway) -> Result<(Picture, Options), RequestError> {
    let mut fields = gateway.fields(form);
    let mut picture = None;
    let mut options = Options::default();
    let mut seen = Vec::new();
    while let Some(mut field) = fields.next().await? {
        let name = field.name();
        if seen.contains(&name) {
            return Err(RequestError::repeated(&name));
        }
        match name.as_str() {
            upload::FILE => picture = Some(Picture::sent(&mut field, &gateway.uploads).await?),
            "model" => options.model = field.text().await?,
            "version" => options.version = Some(analysis::read_version(&field.text().await?)?),
            "parameters" => options.parameters = parse_parameters(&field.text().await?)?,
            _ => return Err(RequestError::unknown(&name)),
        }
        seen.push(name);
    }
    Ok((picture.ok_or(RequestError::MissingFile)?, options))
}

/// A JSON object in a field of a form.
fn parse_parameters(text: &str) -> Result<HashMap<String, String>, RequestError> {
    let object = serde_json::from_str(text).map_err(|_| {
        RequestError::invalid(
            "parameters",
            "must be a JSON object such as {\"threshold\": 0.4}",
        )
    })?;
    analysis::read_parameters(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_in_a_form_are_a_json_object() {
        let parameters = parse_parameters(r#"{"threshold": 0.4}"#).expect("valid");
        assert_eq!(parameters["threshold"], "0.4");
        for text in ["", "[]", "7", "{"] {
            assert!(parse_parameters(text).is_err(), "{text}");
        }
    }
}
