//! A mail server (RFC 5321) that keeps what it takes and refuses what a story wants.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    sync::Notify,
};
use tokio_rustls::TlsAcceptor;

/// The answer of a server that is gone.
pub(super) const HANGS_UP: &str = "";

/// A mail server; ends with the story.
#[derive(Clone)]
pub(super) struct MailServer {
    pub(super) port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    tls: Option<TlsAcceptor>,
    /// A command, and what it is answered in the place of yes.
    refusals: Mutex<VecDeque<(&'static str, &'static str)>>,
    mails: Mutex<Vec<Mail>>,
    /// Where it waits before it answers to a letter, and tells that it has one.
    filter: Filter,
}

/// Looks into letters, as long as a story wants it.
#[derive(Default)]
struct Filter {
    is_slow: AtomicBool,
    begun: Notify,
    ended: Notify,
}

/// What it took.
#[derive(Debug, Clone, Default)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) content: Vec<u8>,
    pub(super) was_encrypted: bool,
    /// What somebody signed in with (RFC 4616, in base64).
    pub(super) credentials: Option<String>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

type Connection = BufReader<Box<dyn Stream>>;

impl MailServer {
    /// One that talks in the clear.
    pub(super) async fn start() -> Self {
        Self::with(State::default()).await
    }

    /// One that knows STARTTLS.
    pub(super) async fn encrypted(tls: TlsAcceptor) -> Self {
        Self::with(State {
            tls: Some(tls),
            ..State::default()
        })
        .await
    }

    async fn with(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(state);
        let server = Self {
            port,
            state: state.clone(),
        };
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let state = state.clone();
                tokio::spawn(async move { talk(Box::new(connection), &state).await });
            }
        });
        server
    }

    /// Answers the next `command` so, which is `.` for the end of a letter; says nothing and hangs up for [`HANGS_UP`].
    pub(super) fn refuses(&self, command: &'static str, answer: &'static str) {
        let mut refusals = self.state.refusals.lock().expect("not poisoned");
        refusals.push_back((command, answer));
    }

    /// The next letter is looked into until [`answers`](Self::answers).
    pub(super) fn takes_its_time(&self) {
        self.state.filter.is_slow.store(true, Ordering::SeqCst);
    }

    /// Waits until it has all of a letter, and takes its time.
    pub(super) async fn has_a_letter(&self) {
        self.state.filter.begun.notified().await;
    }

    /// The answer to the letter that it looks into.
    pub(super) fn answers(&self) {
        self.state.filter.ended.notify_one();
    }

    pub(super) fn mails(&self) -> Vec<Mail> {
        self.state.mails.lock().expect("not poisoned").clone()
    }
}

impl Filter {
    async fn look(&self) {
        if self.is_slow.swap(false, Ordering::SeqCst) {
            self.begun.notify_one();
            self.ended.notified().await;
        }
    }
}

impl State {
    fn refusal(&self, command: &str) -> Option<&'static str> {
        let mut refusals = self.refusals.lock().expect("not poisoned");
        let index = refusals.iter().position(|(name, _)| *name == command)?;
        refusals.remove(index).map(|(_, answer)| answer)
    }
}

/// As long as the client does.
async fn talk(connection: Box<dyn Stream>, state: &State) -> Option<()> {
    let mut connection = BufReader::new(connection);
    let mut mail = Mail::default();
    say(&mut connection, "220 mail.test").await?;
    loop {
        let line = read(&mut connection).await?;
        let (command, argument) = line.split_once(' ').unwrap_or((&line, ""));
        let command = command.to_ascii_uppercase();
        if let Some(answer) = state.refusal(&command) {
            say(&mut connection, answer).await?;
            continue;
        }
        let answer = match &*command {
            "EHLO" if mail.was_encrypted => "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "EHLO" if state.tls.is_some() => "250-mail.test\r\n250-8BITMIME\r\n250 STARTTLS",
            "EHLO" => "250-mail.test\r\n250 8BITMIME",
            "STARTTLS" => {
                let tls = state.tls.clone()?;
                say(&mut connection, "220 go ahead").await?;
                let encrypted = tls.accept(connection.into_inner()).await.ok()?;
                connection = BufReader::new(Box::new(encrypted));
                mail.was_encrypted = true;
                continue;
            }
            "AUTH" => {
                mail.credentials = argument.strip_prefix("PLAIN ").map(str::to_owned);
                "235 welcome"
            }
            "MAIL" => {
                mail.from = argument.to_owned();
                "250 yes"
            }
            "RCPT" => {
                mail.to = argument.to_owned();
                "250 yes"
            }
            "DATA" => {
                say(&mut connection, "354 go ahead").await?;
                mail.content = content(&mut connection).await?;
                let refusal = state.refusal(".");
                state.filter.look().await;
                if let Some(answer) = refusal {
                    say(&mut connection, answer).await?;
                    continue;
                }
                let mut mails = state.mails.lock().expect("not poisoned");
                mails.push(mail.clone());
                "250 it is ours"
            }
            "QUIT" => return say(&mut connection, "221 bye").await,
            _ => "250 yes",
        };
        say(&mut connection, answer).await?;
    }
}

async fn content(connection: &mut Connection) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let line = read(connection).await?;
        if line == "." {
            return Some(content);
        }
        // A dot that is doubled (section 4.5.2).
        let line = line.strip_prefix('.').unwrap_or(&line);
        content.extend_from_slice(line.as_bytes());
        content.extend_from_slice(b"\r\n");
    }
}

async fn read(connection: &mut Connection) -> Option<String> {
    let mut line = String::new();
    match connection.read_line(&mut line).await {
        Ok(1..) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
        _ => None,
    }
}

async fn say(connection: &mut Connection, line: &str) -> Option<()> {
    if line == HANGS_UP {
        return None;
    }
    let line = format!("{line}\r\n");
    connection.write_all(line.as_bytes()).await.ok()?;
    connection.flush().await.ok()
}
