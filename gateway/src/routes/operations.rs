//! `GET /v1/operations`

use axum::extract::State;
use pupila_core::Scope;

use crate::{
    app::Gateway,
    dto::{operation::Operation, page::Listing},
    extract::{Caller, Json},
    openapi::Problems,
    problem::Problem,
};

/// Everything that can be done to an image
///
/// A job's steps name them. There are few, so all of them come on one page.
#[utoipa::path(
    get, path = "/v1/operations", tag = "jobs", operation_id = "list_operations",
    security(("bearer" = [])),
    responses((status = 200, description = "The operations, with the parameters that they declare", body = Listing<Operation>), Problems),
)]
pub(crate) async fn list_operations(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Listing<Operation>>, Problem> {
    // No service is asked that would check it.
    let scope = Scope::ModelsRead;
    gateway
        .authenticator
        .require(&context.credential, scope)
        .await?;
    let operations = pupila_operations::catalogue().iter();
    Ok(Json(Listing::whole(operations)))
}

#[cfg(test)]
mod tests {
    use pupila_core::Scope;

    use crate::test_app::{Script, TestApp};

    #[tokio::test]
    async fn every_operation_is_told_with_its_parameters() {
        let app = TestApp::with_scopes(Script::default(), &[Scope::ModelsRead]);
        let answer = app.get("/v1/operations").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let body = answer.json();
        let operations = body["items"].as_array().expect("operations");
        assert_eq!(operations.len(), pupila_operations::catalogue().len());
        let resize = &operations[0]["parameters"];
        insta::assert_json_snapshot!([&resize[0], &resize[2], &resize[4], &resize[5]], @r#"
        [
          {
            "description": "Width of the frame in pixels.",
            "maximum": 8192.0,
            "minimum": 1.0,
            "name": "width",
            "required": false,
            "step": 1.0,
            "type": "integer"
          },
          {
            "choices": [
              "fit",
              "cover",
              "contain",
              "exact"
            ],
            "default": "fit",
            "description": "How the image is brought into a frame of both sides. `fit`: as large as fits; `cover`: fills it, what does not fit is cut off; `contain`: as large as fits, with margins; `exact`: fills it, stretched.",
            "name": "fit",
            "required": false,
            "type": "choice"
          },
          {
            "default": false,
            "description": "Lets the image become larger than it is.",
            "name": "enlarge",
            "required": false,
            "type": "boolean"
          },
          {
            "default": "ffffff",
            "description": "Colour of the margins of `contain`.",
            "name": "background",
            "required": false,
            "type": "colour"
          }
        ]
        "#);
    }

    #[tokio::test]
    async fn who_may_not_see_models_may_not_see_operations() {
        let app = TestApp::with_scopes(Script::default(), &[Scope::ImagesRead]);
        let answer = app.get("/v1/operations").await;
        assert!(
            answer.problem().starts_with("403 SCOPE_MISSING"),
            "{answer:?}"
        );
    }
}
