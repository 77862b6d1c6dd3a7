//! Servers that do not do what they should, and what is made of them.

use std::ops::ControlFlow;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::*;

/// A server to be played by the test.
struct Stage {
    listener: TcpListener,
    server: Server,
}

impl Stage {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let server = Server::new(&ServerArgs {
            server: address_of(&format!("http://{address}")),
            api_key_file: None,
            api_key: None,
        });
        Self {
            listener,
            server: server.expect("a server"),
        }
    }

    /// The next connection, and the head of what it asks.
    async fn asked(&self) -> (TcpStream, String) {
        let (mut stream, _) = self.listener.accept().await.expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a head"));
        }
        (stream, String::from_utf8(head).expect("text"))
    }

    /// Answers the next question with that head and body, and hangs up.
    async fn answer(&self, head: &str, body: &str) -> String {
        let (mut stream, asked) = self.asked().await;
        let answer = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await.expect("answered");
        asked
    }
}

fn address_of(text: &str) -> Url {
    address(text).expect("an address")
}

const EVENTS: &str = "200 OK\r\ncontent-type: text/event-stream";
const JSON: &str = "200 OK\r\ncontent-type: application/json";

/// The data of the first event with an id from `from` on, and how often the server was away before.
async fn event(server: &Server, from: u32) -> Result<(String, usize), ServerError> {
    let mut away = 0;
    follow(server, "v1/events", |news| match news {
        News::Event(event) if event.id.parse().is_ok_and(|id: u32| id >= from) => {
            ControlFlow::Break((event.data, away))
        }
        News::Event(_) => ControlFlow::Continue(()),
        News::Away => {
            away += 1;
            ControlFlow::Continue(())
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_died_silently_is_taken_up_after_the_last_event() {
    let stage = Stage::open().await;
    let play = async {
        let (mut dead, _) = stage.asked().await;
        let told = format!("HTTP/1.1 {EVENTS}\r\n\r\nid: 1\ndata: begun\n\n");
        dead.write_all(told.as_bytes()).await.expect("told");
        let asked = stage.answer("503 Away", "").await;
        assert!(asked.contains("last-event-id: 1\r\n"), "{asked}");
        stage.answer(EVENTS, "id: 2\ndata: ended\n\n").await;
        drop(dead);
    };
    let (event, ()) = tokio::join!(event(&stage.server, 2), play);
    assert_eq!(event.expect("an event"), ("ended".to_owned(), 1));
}

#[tokio::test(start_paused = true)]
async fn who_never_answers_is_not_waited_for() {
    let stage = Stage::open().await;
    let request = stage.server.request(Method::GET, "v1/jobs");
    let answer = stage.server.answer::<()>(request.expect("a request"));
    let (answer, _held) = tokio::join!(answer, stage.asked());
    assert!(matches!(answer, Err(ServerError::Silent(_))), "{answer:?}");
}

#[tokio::test]
async fn what_is_no_pupila_is_told_and_not_asked_again() {
    let stage = Stage::open().await;
    let request = stage.server.request(Method::GET, "v1/jobs");
    let answer = stage.server.answer::<()>(request.expect("a request"));
    let (answer, _) = tokio::join!(answer, stage.answer(JSON, "<h1>Sign in</h1>"));
    let page = stage.answer("200 OK\r\ncontent-type: text/html", "<h1>Sign in</h1>");
    let (event, _) = tokio::join!(event(&stage.server, 0), page);
    for error in [answer.expect_err("a page"), event.expect_err("a page")] {
        assert!(matches!(error, ServerError::Foreign(..)), "{error}");
        assert!(!error.passes());
    }
}

#[tokio::test(start_paused = true)]
async fn a_passing_refusal_is_asked_again_and_a_lasting_one_is_not() {
    let stage = Stage::open().await;
    let play = async {
        stage.answer("503 Away", "").await;
        drop(stage.asked().await);
        stage.answer(JSON, "[5]").await;
        stage.answer("404 Gone", "").await;
    };
    let ask = async || {
        let request = || stage.server.request(Method::GET, "v1/jobs");
        stage.server.insist::<[u32; 1]>(request, || {}).await
    };
    let asked = async { (ask().await, ask().await) };
    let ((first, second), ()) = tokio::join!(asked, play);
    assert_eq!(first.expect("an answer"), [5]);
    assert!(matches!(second, Err(ServerError::Refused(_))), "{second:?}");
}

#[test]
fn a_key_that_cannot_be_sent_is_told_before_anything_is() {
    let with = |key: &str| authorization(&SecretString::from(key));
    assert!(matches!(with("two\nlines"), Err(ServerError::Key)));
    assert!(matches!(with(" \n"), Ok(None)));
    assert_eq!(with("key\n").expect("a key").expect("one"), "Bearer key");
}
