//! `[worker.notify.smtp]`: the server that takes e-mail.

use std::path::PathBuf;

use lettre::message::Mailbox;
use pupila_runtime::config::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

/// The server that takes e-mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpConfig {
    /// `smtp://user:password@host:port` (port 587 where none is said) or `smtps://…` (465: TLS from the first byte).
    /// Either this or `url_file`.
    pub url: Option<SecretString>,
    /// A file that holds the URL, such as a mounted secret.
    pub url_file: Option<PathBuf>,
    /// Whether a connection to an `smtp://` server is made safe (RFC 3207).
    pub starttls: StartTls,
    /// A file with PEM certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Whom e-mails come from, such as `Pupila <pupila@example.org>`.
    pub from: String,
    /// How long it may take to connect and sign in, in seconds.
    pub timeout_seconds: u64,
}

/// Whether a connection to an `smtp://` server is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartTls {
    /// Always; a server that cannot is not talked to.
    Required,
    /// Where the server can. Keeps listeners out, but nobody who can change what is sent.
    Optional,
    /// Never: a server on this machine or in a network of its own.
    Never,
}

impl Default for SmtpConfig {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            starttls: StartTls::Required,
            ca_file: None,
            from: String::new(),
            timeout_seconds: 30,
        }
    }
}

impl SmtpConfig {
    /// What is wrong with a URL, given itself or from its file; none when it can be used.
    pub(crate) fn url_fault(&self, url: &str) -> Option<&'static str> {
        let Ok(url) = Url::parse(url) else {
            return Some("is no URL");
        };
        let safe = match url.scheme() {
            "smtps" => true,
            "smtp" => self.starttls == StartTls::Required,
            _ => return Some("must begin with smtp:// or smtps://"),
        };
        if !url.has_host() || !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Some("must be like smtps://user:password@mail.example.org");
        }
        if !url.username().is_empty() && !safe {
            return Some("a password is only sent over TLS: starttls must be \"required\"");
        }
        None
    }

    /// Whom e-mails come from.
    pub(crate) fn sender(&self) -> Option<Mailbox> {
        self.from.parse().ok()
    }
}

impl Validate for SmtpConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match (&self.url, &self.url_file) {
            (Some(url), None) => {
                let fault = self.url_fault(url.expose_secret());
                faults.extend(fault.map(|fault| format!("url: {fault}")));
            }
            (None, Some(_)) => {}
            (None, None) => faults.push("url: must be set, or url_file".to_owned()),
            (Some(_), Some(_)) => faults.push("url: set either it or url_file".to_owned()),
        }
        if self.sender().is_none() {
            faults.push("from: must be like Pupila <pupila@example.org>".to_owned());
        }
        faults.extend(super::timeout_fault(self.timeout_seconds));
        faults
    }
}
