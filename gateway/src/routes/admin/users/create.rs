//! `POST /v1/admin/users`

use axum::extract::State;
use pupila_proto::accounts::v1::{CreateUserRequest, Role as ProtoRole};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{
        line::Line,
        user::{Language, Role, User},
    },
    extract::{Caller, Json},
    openapi::{BadJson, Conflict, Problems},
    problem::{Problem, message},
    response::{Created, Tagged},
};

/// A new user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUser {
    /// The e-mail address; upper and lower case are the same.
    #[schema(format = Email, min_length = 3, max_length = 254, example = "ana@example.org")]
    email: String,
    /// The password.
    #[schema(format = Password, min_length = 8, max_length = 200, example = "correct horse battery")]
    password: String,
    /// The name that others see.
    display_name: Line<100>,
    /// Language of the messages to the user.
    #[serde(default)]
    language: Language,
    /// What they may do; `user` where it is left out.
    role: Option<Role>,
}

/// Make a user, also while registration is closed
#[utoipa::path(
    post, path = "/v1/admin/users", tag = "admin", operation_id = "create_user",
    security(("bearer" = [])),
    request_body = CreateUser,
    responses(
        (status = 201, description = "The user", body = User, headers(
            ("ETag" = String, description = "Its revision"),
            ("Location" = String, description = "Where it is"),
        )),
        Problems, Conflict, BadJson,
    ),
)]
pub(crate) async fn create_user(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Json(body): Json<CreateUser>,
) -> Result<Created<Tagged<User>>, Problem> {
    let request = CreateUserRequest {
        email: body.email,
        password: body.password,
        display_name: body.display_name.0,
        language: body.language.code(),
        role: body.role.map_or(ProtoRole::User, ProtoRole::from).into(),
    };
    let request = context.call(request, gateway.call_timeout);
    let created = message(gateway.users.clone().create_user(request).await)?;
    let user = User::from(created.user.unwrap_or_default());
    let location = format!("/v1/admin/users/{}", user.id);
    Ok(Created(location, Tagged(user)))
}
