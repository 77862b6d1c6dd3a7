//! `pupila jobs` where something is in the way: little room, somebody who hangs up, a server that does.

use std::{
    fs, io,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

use pupila_tests::{File, Pupila, Shape, free_port, program};
use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::Terminal;

const JOB: &str = "01890000-0000-7000-8000-000000000000";

/// A server that the test plays.
fn stage() -> (TcpListener, Terminal) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    (listener, Terminal::at(port))
}

/// The next connection, with the head of what it asks read.
fn asked(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut read = [0; 64];
    let mut head = Vec::new();
    while !String::from_utf8_lossy(&head).contains("\r\n\r\n") {
        let count = stream.read(&mut read).expect("a head");
        head.extend_from_slice(&read[..count]);
    }
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_images_than_a_process_may_open_are_submitted() {
    let app = Pupila::of(Shape::Standalone).start().await;
    let terminal = Terminal::at(app.port());
    let names: Vec<_> = (0..100).map(|number| format!("{number}.png")).collect();
    for (number, name) in names.iter().enumerate() {
        let path = terminal.folder.path().join(name);
        fs::write(path, File::numbered(number).bytes).expect("written");
    }
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let submit = [&["submit", "--step", "sepia", "--json"][..], &names].concat();
    let told = terminal.jobs_with_files(40, &submit);
    assert_eq!(told.code, Some(0), "{}", told.errors);
    assert_eq!(told.json()["counts"]["succeeded"], 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_zip_that_cannot_be_read_there_is_no_table() {
    let app = Pupila::of(Shape::Standalone).start().await;
    let terminal = Terminal::at(app.port());
    let path = terminal.folder.path().join("broken.zip");
    fs::write(path, b"PK\x03\x04 and nothing more").expect("written");
    let told = terminal.jobs(&["submit", "broken.zip", "--step", "sepia"]);
    told.assert_complains(&["ARCHIVE"]);
    told.assert_says(&["error"]);
    assert_eq!(told.out.lines().count(), 1, "{}", told.out);
}

#[test]
fn what_cannot_be_sent_is_told_before_a_server_is_asked() {
    let terminal = Terminal::at(free_port());
    let submit = ["submit", "--step", "sepia"];
    let many = [&submit[..], &["a.jpg"; 1001]].concat();
    let told = terminal.jobs(&many);
    told.assert_complains(&["1001 images", "at most 1000", "ZIP"]);

    let made = Command::new("mkfifo")
        .arg(terminal.folder.path().join("pipe.png"))
        .status();
    assert!(made.expect("it ran").success());
    let told = terminal.jobs(&[&submit[..], &["pipe.png"]].concat());
    told.assert_complains(&["pipe.png: is no file"]);

    let mut terminal = terminal;
    terminal.key = Some("two\nlines".to_owned());
    terminal.jobs(&["list"]).assert_complains(&["the API key"]);
}

#[test]
fn a_refusal_that_was_lost_with_the_upload_is_asked_for_again() {
    let (listener, terminal) = stage();
    let large = terminal.folder.path().join("large.png");
    fs::write(large, vec![7; 16 << 20]).expect("written");
    let play = std::thread::spawn(move || {
        // Hangs up on what was not read: an answer would be lost.
        drop(asked(&listener));
        let problem = r#"{"code": "INVALID_ARGUMENT", "detail": "there is no operation `nope`"}"#;
        let answer = format!("HTTP/1.1 400 Bad\r\nconnection: close\r\n\r\n{problem}");
        let mut again = asked(&listener);
        again.write_all(answer.as_bytes()).expect("answered");
        // Its end comes with the body read.
        drop(again.shutdown(std::net::Shutdown::Write));
        io::copy(&mut again, &mut io::sink()).expect("the rest");
        listener
    });
    let submit = ["submit", "large.png", "--step", "nope"];
    terminal
        .jobs(&submit)
        .assert_complains(&["there is no operation `nope`"]);

    let listener = play.join().expect("no panic");
    let play = std::thread::spawn(move || {
        drop(asked(&listener));
        drop(asked(&listener));
    });
    let told = terminal.jobs(&submit);
    told.assert_complains(&["the upload broke off, and the server gave no reason"]);
    play.join().expect("no panic");
}

#[test]
fn who_reads_no_more_is_no_fault() {
    let terminal = Terminal::at(free_port());
    let (reader, writer) = io::pipe().expect("a pipe");
    drop(reader);
    let mut command = Command::new(program("pupila"));
    let list = terminal.prepare(command.args(["models", "list"]).stdout(writer));
    let output = list.stderr(Stdio::piped()).output().expect("it ran");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*errors), (Some(0), ""));
}

#[test]
fn who_is_interrupted_says_so() {
    let (listener, terminal) = stage();
    let mut command = Command::new(program("pupila"));
    let watch = terminal.prepare(command.args(["jobs", "watch", JOB]));
    let watching = watch.stderr(Stdio::piped()).spawn().expect("it runs");
    let _unanswered = asked(&listener);
    let id = i32::try_from(watching.id()).ok().and_then(Pid::from_raw);
    kill_process(id.expect("an id"), Signal::INT).expect("told");
    let output = watching.wait_with_output().expect("it ended");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "pupila: stopped\n",
        "no job was made"
    );
}
