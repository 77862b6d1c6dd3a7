//! The mail server, as configured.

use std::{io, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    transport::smtp::{
        self, SUBMISSION_PORT, SUBMISSIONS_PORT,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
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

/// A pool of connections to the server, none of which is open yet.
pub(super) fn connect(
    config: &SmtpConfig,
    timeout: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, ServerError> {
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
    let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(usual))
        .tls(tls)
        .timeout(Some(timeout));
    Ok(match credentials(&url) {
        Some(credentials) => server.credentials(credentials).build(),
        None => server.build(),
    })
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
