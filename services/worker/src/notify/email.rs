//! Messages to people, by e-mail.

mod letter;
mod server;

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{self, response::Code},
};

pub(crate) use self::{letter::Letter, server::ServerError};
use super::{config::SmtpConfig, delivery::NotDelivered};

/// Sends e-mails.
#[derive(Debug)]
pub(crate) struct Email {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl Email {
    /// By the server that is configured. Connects when there is something to send.
    ///
    /// # Errors
    /// A file that cannot be read, or TLS that cannot be set up.
    pub(crate) fn new(config: &SmtpConfig) -> Result<Self, ServerError> {
        let timeout = Duration::from_secs(config.timeout_seconds);
        Ok(Self {
            server: server::connect(config, timeout)?,
            from: config.sender().ok_or(ServerError::Sender)?,
            timeout,
        })
    }

    /// Connects, or asks an open connection whether it lives, so that no letter is written while the server is away.
    ///
    /// # Errors
    /// It is.
    pub(crate) async fn reach(&self) -> Result<(), NotDelivered> {
        match tokio::time::timeout(self.timeout, self.server.test_connection()).await {
            Ok(Ok(_)) => Ok(()),
            // Whatever it says before there is a letter, it says to us.
            Ok(Err(error)) => Err(NotDelivered::ServerAway(in_words(&error))),
            Err(_) => Err(slow()),
        }
    }

    /// Tells a person. Once the server has taken the letter, it is the server's.
    ///
    /// # Errors
    /// The server does not take it, or not now.
    pub(crate) async fn send(&self, letter: &Letter<'_>) -> Result<(), NotDelivered> {
        let message = letter
            .message(&self.from)
            .map_err(|error| NotDelivered::Refused(format!("no letter could be made: {error}")))?;
        // The server's own timeout ends only the connecting.
        match tokio::time::timeout(self.timeout, self.server.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refusal(&error, letter.domain())),
            Err(_) => Err(slow()),
        }
    }
}

fn slow() -> NotDelivered {
    NotDelivered::ServerAway("it took too long".to_owned())
}

/// What the server's answer means. It is not repeated: it may name the address.
fn refusal(error: &smtp::Error, domain: &str) -> NotDelivered {
    let code = match error.status() {
        Some(code) if !concerns_us(code) => code,
        _ => return NotDelivered::ServerAway(in_words(error)),
    };
    let what = format!("the mail server answered {code} for an address at {domain}");
    if error.is_permanent() {
        NotDelivered::Refused(what)
    } else {
        NotDelivered::later(what)
    }
}

fn in_words(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("it answered {code}"),
        None if error.is_client() => "it does not speak as configured".to_owned(),
        None if error.is_tls() => "its certificate is not trusted".to_owned(),
        None => "the connection failed".to_owned(),
    }
}

/// Whether the server refuses us and not the letter: it stops (421), or wants us to sign in or to encrypt (RFC 4954, section 6;
/// RFC 3207, section 4). An operator can mend that, so the letter waits.
fn concerns_us(code: Code) -> bool {
    matches!(u16::from(code), 421 | 454 | 530 | 534 | 535 | 538)
}
