//! A running server, as the commands that ask one see it.

mod events;
mod refusal;

use std::path::PathBuf;

use reqwest::{Client, Method, RequestBuilder, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;

pub(crate) use self::{events::follow, refusal::ServerError};

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
    api_key: Option<SecretString>,
}

impl Server {
    /// The server that the command line names. Nothing is asked yet.
    ///
    /// # Errors
    /// The key's file cannot be read.
    pub(crate) fn new(args: &ServerArgs) -> Result<Self, ServerError> {
        let key = match &args.api_key_file {
            Some(file) => {
                let read = std::fs::read_to_string(file);
                let text = read.map_err(|cause| ServerError::KeyFile(file.clone(), cause))?;
                Some(text.trim().into())
            }
            None => args.api_key.clone(),
        };
        let mut base = args.server.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Ok(Self {
            http: Client::builder().build()?,
            base,
            api_key: key.filter(|key: &SecretString| !key.expose_secret().is_empty()),
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
        Ok(match &self.api_key {
            Some(key) => request.bearer_auth(key.expose_secret()),
            None => request,
        })
    }

    /// The JSON that a request is answered with.
    ///
    /// # Errors
    /// The server is away, refuses, or answers something else.
    pub(crate) async fn answer<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, ServerError> {
        let response = refusal::check(request.send().await?).await?;
        Ok(response.json().await?)
    }
}
