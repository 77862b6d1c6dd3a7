//! A running server, as the commands that ask one see it.

mod error;
mod events;
mod patience;
mod refusal;

use std::{path::PathBuf, time::Duration};

use reqwest::{
    Client, Method, RequestBuilder, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

pub(crate) use self::{
    error::ServerError,
    events::{News, follow},
    refusal::Refusal,
};
use crate::terminal::printable;

/// Before a server that was away or busy is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Which server is asked, and as whom.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServerArgs {
    /// Address of the running server
    #[arg(
        long,
        value_name = "URL",
        env = "PUPILA_SERVER",
        default_value = "http://127.0.0.1:8000",
        value_parser = address
    )]
    server: Url,
    /// File with the API key, where the server has accounts; the variable PUPILA_API_KEY may hold the key itself
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    #[arg(long, env = "PUPILA_API_KEY", hide = true, hide_env_values = true)]
    api_key: Option<SecretString>,
}

fn address(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or("must be an address such as http://127.0.0.1:8000")
}

/// A running server.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    http: Client,
    base: Url,
    authorization: Option<HeaderValue>,
}

impl Server {
    /// The server that the command line names. Nothing is asked yet.
    ///
    /// # Errors
    /// The key's file cannot be read, or there is no key in it.
    pub(crate) fn new(args: &ServerArgs) -> Result<Self, ServerError> {
        let key = match &args.api_key_file {
            Some(file) => {
                let read = std::fs::read_to_string(file);
                Some(
                    read.map_err(|cause| ServerError::KeyFile(file.clone(), cause))?
                        .into(),
                )
            }
            None => args.api_key.clone(),
        };
        let authorization = key.as_ref().map(authorization).transpose()?.flatten();
        let mut base = args.server.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Ok(Self {
            http: Client::builder()
                .connect_timeout(patience::CONNECT)
                .build()?,
            base,
            authorization,
        })
    }

    /// A request for `path`, such as `v1/jobs`.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
    ) -> Result<RequestBuilder, ServerError> {
        let url = self
            .base
            .join(path)
            .map_err(|_| ServerError::Path(path.to_owned()))?;
        let request = self.http.request(method, url);
        Ok(match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        })
    }

    /// The JSON that a request is answered with.
    ///
    /// # Errors
    /// The server is away or silent, refuses, or answers something else.
    pub(crate) async fn answer<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, ServerError> {
        patience::within(patience::ANSWER, ask(request)).await
    }

    /// The JSON that an upload is answered with. Whoever makes its body tells `sent` of each piece.
    ///
    /// # Errors
    /// As with [`Server::answer`]; silent is who answers nothing while nothing of the upload moves.
    pub(crate) async fn upload<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        sent: &Notify,
    ) -> Result<T, ServerError> {
        patience::while_it_moves(sent, ask(request)).await
    }

    /// The JSON that a request is answered with, however often and however long the server is away, which is told.
    ///
    /// # Errors
    /// The server refuses for good, or answers something else.
    pub(crate) async fn insist<T: DeserializeOwned>(
        &self,
        request: impl Fn() -> Result<RequestBuilder, ServerError>,
        away: impl Fn(),
    ) -> Result<T, ServerError> {
        loop {
            match self.answer(request()?).await {
                Err(error) if error.passes() => away(),
                answer => return answer,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The header that says who asks; none for an empty key.
fn authorization(key: &SecretString) -> Result<Option<HeaderValue>, ServerError> {
    let key = key.expose_secret().trim();
    if key.is_empty() {
        return Ok(None);
    }
    let value = HeaderValue::from_str(&format!("Bearer {key}"));
    let mut value = value.map_err(|_| ServerError::Key)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ServerError> {
    let response = refusal::check(request.send().await?).await?;
    let url = response.url().clone();
    // Not `json()`: it tells a connection that broke as an answer that is no JSON.
    let body = response.bytes().await?;
    serde_json::from_slice(&body)
        .map_err(|error| ServerError::Foreign(url, printable(&error.to_string())))
}

#[cfg(test)]
mod tests;
