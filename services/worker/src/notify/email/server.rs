//! The mail server, as configured.

use std::{io, path::PathBuf};

use lettre::transport::smtp::{
    self, SUBMISSION_PORT, SUBMISSIONS_PORT,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Certificate, Tls, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::notify::config::{SmtpConfig, StartTls};

/// E-mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    /// A file that is named cannot be read.
    #[error("the file {} cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The URL, from a file, cannot be used.
    #[error("worker.notify.smtp.url_file: its URL {0}")]
    Url(&'static str),
    /// The address that e-mails come from.
    #[error("worker.notify.smtp.from is no address")]
    Sender,
    /// The certificates, or the system's TLS.
    #[error("TLS for the mail server cannot be set up")]
    Tls(#[source] smtp::Error),
}

/// The mail server, and what is told it about us.
#[derive(Debug)]
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    /// What this machine is called.
    name: ClientId,
}

impl Server {
    /// As configured. Nothing is connected to yet.
    pub(super) fn new(config: &SmtpConfig) -> Result<Self, ServerError> {
        let url = url(config)?;
        let host = url.host_str().unwrap_or_default();
        let is_tls = url.scheme() == "smtps";
        let tls = if is_tls {
            Tls::Wrapper(trust(config, host)?)
        } else {
            match config.starttls {
                StartTls::Required => Tls::Required(trust(config, host)?),
                StartTls::Optional => Tls::Opportunistic(trust(config, host)?),
                StartTls::Never => Tls::None,
            }
        };
        let usual = if is_tls {
            SUBMISSIONS_PORT
        } else {
            SUBMISSION_PORT
        };
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(usual),
            tls,
            credentials: credentials(&url),
            name: ClientId::default(),
        })
    }

    /// A connection of its own that is encrypted, and signed in on, as configured.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, smtp::Error> {
        let Self { name, tls, .. } = self;
        let wrapper = match tls {
            Tls::Wrapper(tls) => Some(tls.clone()),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        // Who calls sees to it that it does not take too long.
        let connecting = AsyncSmtpConnection::connect_tokio1(address, None, name, wrapper, None);
        let mut connection = connecting.await?;
        match tls {
            Tls::Required(tls) => connection.starttls(tls.clone(), name).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), name).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

fn url(config: &SmtpConfig) -> Result<Url, ServerError> {
    let text = match (&config.url, &config.url_file) {
        (None, Some(file)) => SecretString::from(read(file)?.trim()),
        (url, _) => url.clone().unwrap_or_default(),
    };
    let text = text.expose_secret();
    match config.url_fault(text) {
        Some(fault) => Err(ServerError::Url(fault)),
        None => Url::parse(text).map_err(|_| ServerError::Url("is no URL")),
    }
}

/// Whom to trust: the system's authorities, and those of the operator's own.
fn trust(config: &SmtpConfig, host: &str) -> Result<TlsParameters, ServerError> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(file) = &config.ca_file {
        let pem = read(file)?;
        let certificate = Certificate::from_pem(pem.as_bytes()).map_err(ServerError::Tls)?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build_rustls().map_err(ServerError::Tls)
}

fn credentials(url: &Url) -> Option<Credentials> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let user = decoded(url.username());
    (!user.is_empty()).then(|| Credentials::new(user, decoded(url.password().unwrap_or_default())))
}

fn read(file: &PathBuf) -> Result<String, ServerError> {
    std::fs::read_to_string(file).map_err(|error| ServerError::File(file.clone(), error))
}
