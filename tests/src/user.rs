//! People who use the product.

use std::ops::Deref;

use reqwest::Method;
use serde_json::{Value, json};

use crate::Api;

/// A user who has signed in.
#[derive(Debug, Clone)]
pub struct User {
    /// The user's id.
    pub id: String,
    /// The address that the user signs in with.
    pub email: String,
    /// What the session handed out: `access_token`, `refresh_token` and more.
    pub tokens: Value,
    api: Api,
}

impl User {
    /// The password of every user.
    pub const PASSWORD: &str = "correct horse battery";

    /// Registers `name@example.org` and signs in.
    pub async fn register(api: &Api, name: &str) -> Self {
        let email = format!("{name}@example.org");
        let account = json!({"email": email, "password": Self::PASSWORD, "display_name": name});
        let answer = api.post_json("/v1/auth/register", &account).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        Self::sign_in(api, name).await
    }

    /// Begins another session of `name@example.org`.
    pub async fn sign_in(api: &Api, name: &str) -> Self {
        let email = format!("{name}@example.org");
        let credentials = json!({"email": email, "password": Self::PASSWORD});
        let tokens = api.post_json("/v1/auth/login", &credentials).await.ok();
        let api = api.with_token(text(&tokens, "access_token"));
        let me = api.get("/v1/me").await.ok();
        Self {
            id: text(&me, "id").to_owned(),
            email,
            tokens,
            api,
        }
    }

    /// Makes an album with these images and answers its id.
    pub async fn album(&self, name: &str, images: &[&str]) -> String {
        let album = self
            .post_json("/v1/albums", &json!({"name": name}))
            .await
            .ok();
        let id = text(&album, "id").to_owned();
        if !images.is_empty() {
            let path = format!("/v1/albums/{id}/images");
            self.post_json(&path, &json!({"image_ids": images}))
                .await
                .ok();
        }
        id
    }

    /// An API key with these scopes, as a caller of its own.
    pub async fn key(&self, scopes: &[&str]) -> Api {
        let key = json!({"name": "a key", "scopes": scopes});
        let answer = self.post_json("/v1/me/api-keys", &key).await.ok();
        self.with_token(text(&answer, "secret"))
    }

    /// `DELETE` with a body.
    pub async fn delete_json(&self, path: &str, body: &Value) -> crate::Reply {
        self.send(self.request(Method::DELETE, path).json(body))
            .await
    }
}

impl Deref for User {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

/// A field that holds text.
///
/// # Panics
/// It is missing.
#[must_use]
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    let found = value[field].as_str();
    found.unwrap_or_else(|| panic!("no `{field}` in {value}"))
}
