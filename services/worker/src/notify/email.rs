//! Messages to people, by e-mail.

mod letter;
mod server;

use std::time::Duration;

use lettre::{
    message::Mailbox,
    transport::smtp::{self, client::AsyncSmtpConnection, response::Code},
};
use tokio::time::timeout;

use self::server::Server;
pub(crate) use self::{letter::Letter, server::ServerError};
use super::{config::SmtpConfig, delivery::NotDelivered};

/// How long the server may take over a letter: ten minutes once it has all of it, as RFC 5321 has it (section 4.5.3.2.6), and
/// one for what comes before. Filters look into letters then, and who does not wait sends again what was taken.
const TAKING: Duration = Duration::from_secs(11 * 60);
/// How long its good-bye may take.
const CLOSING: Duration = Duration::from_secs(30);

/// Sends e-mails.
#[derive(Debug)]
pub(crate) struct Email {
    server: Server,
    from: Mailbox,
    timeout: Duration,
}

/// The mail server, there and ready for a letter. A connection carries one, and ends where an attempt is broken off: who used it
/// further would read answers to what was said before.
pub(crate) struct Reached<'a> {
    connection: AsyncSmtpConnection,
    from: &'a Mailbox,
}

impl Email {
    /// By the server that is configured. Connects when there is something to send.
    ///
    /// # Errors
    /// A file that cannot be read, or TLS that cannot be set up.
    pub(crate) fn new(config: &SmtpConfig) -> Result<Self, ServerError> {
        Ok(Self {
            server: Server::new(config)?,
            from: config.sender().ok_or(ServerError::Sender)?,
            timeout: Duration::from_secs(config.timeout_seconds),
        })
    }

    /// Connects, so that no letter is written while the server is away.
    ///
    /// # Errors
    /// It is.
    pub(crate) async fn reach(&self) -> Result<Reached<'_>, NotDelivered> {
        match timeout(self.timeout, self.server.connect()).await {
            Ok(Ok(connection)) => Ok(Reached {
                connection,
                from: &self.from,
            }),
            // Whatever it says before there is a letter, it says to us.
            Ok(Err(error)) => Err(NotDelivered::ServerAway(in_words(&error))),
            Err(_) => Err(NotDelivered::ServerAway("it took too long".to_owned())),
        }
    }
}

impl Reached<'_> {
    /// Tells a person. Once the server has taken the letter, it is the server's.
    ///
    /// # Errors
    /// The server does not take it, or not now.
    pub(crate) async fn send(self, letter: &Letter<'_>) -> Result<(), NotDelivered> {
        let Self {
            mut connection,
            from,
        } = self;
        let message = letter
            .message(from)
            .map_err(|error| NotDelivered::Refused(format!("no letter could be made: {error}")))?;
        let bytes = message.formatted();
        let sending = connection.send(message.envelope(), &bytes);
        match timeout(TAKING, sending).await {
            Ok(Ok(_)) => {
                // The letter is the server's, however it says good-bye.
                tokio::spawn(async move { timeout(CLOSING, connection.abort()).await });
                Ok(())
            }
            Ok(Err(error)) => Err(refusal(&error, letter.domain())),
            Err(_) => Err(NotDelivered::later("the mail server took too long")),
        }
    }
}

/// What the server's answer to a letter means. It is not repeated: it may name the address. What is not surely said to all letters
/// concerns this one: it may have been taken, and is not to be sent again all the time.
fn refusal(error: &smtp::Error, domain: &str) -> NotDelivered {
    let Some(code) = error.status() else {
        let what = in_words(error);
        // Such as an address beyond ASCII where the server knows of none (RFC 6531).
        return if error.is_client() {
            NotDelivered::ServerRefused(format!(
                "the mail server takes nothing for {domain}: {what}"
            ))
        } else {
            NotDelivered::later(format!("the mail server: {what}"))
        };
    };
    if concerns_us(code) {
        return NotDelivered::ServerAway(in_words(error));
    }
    let what = format!("the mail server answered {code} for an address at {domain}");
    if error.is_permanent() {
        NotDelivered::ServerRefused(what)
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

/// Whether the server refuses us and not the letter: it wants us to sign in or to encrypt (RFC 4954, section 6; RFC 3207,
/// section 4), and says so before it takes anything. An operator can mend that, so all letters wait.
fn concerns_us(code: Code) -> bool {
    matches!(u16::from(code), 454 | 530 | 534 | 535 | 538)
}
