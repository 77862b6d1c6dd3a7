//! The HTTP API as its callers see it.

mod jobs;

use reqwest::{
    Client, Method, RequestBuilder,
    multipart::{Form, Part as Field},
};
use serde_json::Value;

use crate::{File, Reply, Wire};

/// A caller of the API. Each request takes a connection of its own, so that none meets one that is being closed.
#[derive(Debug, Clone)]
pub struct Api {
    port: u16,
    http: Client,
    token: Option<String>,
}

impl Api {
    /// A caller of the server on that port.
    ///
    /// # Panics
    /// There is no HTTP client to be had.
    #[must_use]
    pub fn at(port: u16) -> Self {
        let http = Client::builder().pool_max_idle_per_host(0).build();
        Self {
            port,
            http: http.expect("a client"),
            token: None,
        }
    }

    /// The same server, called with an access token or an API key.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same server, called without a token.
    #[must_use]
    pub fn without_token(&self) -> Self {
        Self {
            token: None,
            ..self.clone()
        }
    }

    /// The port of the API.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A connection for requests that no HTTP client would make.
    pub async fn wire(&self) -> Wire {
        Wire::open(self.port).await
    }

    /// A request, to be completed and given to [`Self::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("http://127.0.0.1:{}{path}", self.port));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// There is none.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        self.try_send(request).await.expect("an answer")
    }

    /// Sends a request to a server that may be gone.
    ///
    /// # Errors
    /// There is no answer, or half of one.
    pub async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Reply> {
        Reply::read(request.send().await?).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST` without a body.
    pub async fn post(&self, path: &str) -> Reply {
        self.send(self.request(Method::POST, path)).await
    }

    /// `POST` of JSON.
    pub async fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// `PATCH` of JSON.
    pub async fn patch_json(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PATCH, path).json(body))
            .await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A form with the field `file`.
    pub fn form(&self, method: Method, path: &str, file: &File) -> RequestBuilder {
        let content = Field::bytes(file.bytes.clone()).file_name(file.name.clone());
        self.request(method, path)
            .multipart(Form::new().part("file", content))
    }

    /// `POST` of a form with many files.
    pub fn upload_many(&self, path: &str, files: &[File]) -> RequestBuilder {
        let form = files.iter().fold(Form::new(), |form, file| {
            let content = Field::bytes(file.bytes.clone()).file_name(file.name.clone());
            form.part("file", content)
        });
        self.request(Method::POST, path).multipart(form)
    }

    /// `POST` of a form with the field `file`, after others.
    pub fn upload(&self, path: &str, file: &File, fields: &[(&str, &str)]) -> RequestBuilder {
        let content = Field::bytes(file.bytes.clone()).file_name(file.name.clone());
        let form = fields.iter().fold(Form::new(), |form, (name, value)| {
            form.text((*name).to_owned(), (*value).to_owned())
        });
        self.request(Method::POST, path)
            .multipart(form.part("file", content))
    }

    /// `POST /predict`.
    pub async fn predict(&self, file: &File) -> Reply {
        self.send(self.upload("/predict", file, &[])).await
    }

    /// Stores an image and answers it.
    ///
    /// # Panics
    /// It is not stored.
    pub async fn store(&self, file: &File) -> Value {
        let mut answer = self.send(self.upload("/v1/images", file, &[])).await.ok();
        let item = answer["items"][0].take();
        assert!(item["image"].is_object(), "not stored: {item}");
        item["image"].clone()
    }

    /// The record of a new prediction.
    ///
    /// # Panics
    /// There is none.
    pub async fn record(&self, file: &File) -> Value {
        let mut answer = self
            .send(self.upload("/predict?detail=true", file, &[]))
            .await
            .ok();
        answer["detail"].take()
    }

    /// Every item of a list, page by page.
    ///
    /// # Panics
    /// A page cannot be had.
    pub async fn all_pages(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut token = String::new();
        loop {
            let page = self.request(Method::GET, path);
            let token_of_page = (!token.is_empty()).then_some(("page_token", &token));
            let page = page.query(token_of_page.as_slice());
            let page = self.send(page).await.ok();
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            page["next_page_token"]
                .as_str()
                .expect("a token")
                .clone_into(&mut token);
            if token.is_empty() {
                return items;
            }
        }
    }
}
