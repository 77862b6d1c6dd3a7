//! Mail servers that take letters, or do not.

use std::{io::Write as _, pin::Pin, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use pupila_proto::accounts::v1::{EmailTarget, resolve_route_response::Target};

use super::{
    harness::{Around, answered, given_up, postponed},
    mail_server::{HANGS_UP, MailServer},
    tls,
};
use crate::{Outcome, Service};

fn ana() -> Target {
    Target::Email(EmailTarget {
        address: "ana@example.org".to_owned(),
        unsubscribe_token: "token&more".to_owned(),
    })
}

fn through(server: &MailServer, starttls: &str, more: &str) -> Around {
    Around::configured(&format!(
        "public_url = 'https://pupila.example.org'
        [smtp]
        url = 'smtp://{more}localhost:{}'
        starttls = '{starttls}'
        from = 'Pupila <pupila@example.org>'",
        server.port
    ))
}

async fn sent(around: &Around) -> Outcome {
    around.tell(ana(), "en", around.job(|_| {})).await
}

fn away() -> Outcome {
    Outcome::Parked {
        service: Service::Smtp,
        retry_after: None,
    }
}

#[tokio::test]
async fn a_letter_is_handed_to_the_mail_server() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    assert_eq!(sent(&around).await, Outcome::done());
    assert_eq!(sent(&around).await, Outcome::done());
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].from.starts_with("FROM:<pupila@example.org>"));
    assert_eq!(mails[0].to, "TO:<ana@example.org>");
}

#[tokio::test]
async fn a_password_travels_encrypted_to_a_server_that_is_trusted() {
    let (acceptor, certificate) = tls::localhost();
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(certificate.as_bytes()).expect("written");
    let server = MailServer::encrypted(acceptor).await;
    let around = Around::configured(&format!(
        "public_url = 'https://pupila.example.org'
        [smtp]
        url = 'smtp://pupila:se%2Fcret@localhost:{}'
        ca_file = '{}'
        from = 'pupila@example.org'",
        server.port,
        file.path().display(),
    ));
    assert_eq!(sent(&around).await, Outcome::done());
    let mail = server.mails().remove(0);
    assert!(mail.was_encrypted);
    let credentials = mail.credentials.expect("signed in");
    let credentials = BASE64_STANDARD.decode(credentials).expect("base64");
    assert_eq!(credentials, b"\0pupila\0se/cret");
}

#[tokio::test]
async fn a_server_that_is_not_trusted_gets_nothing() {
    let (acceptor, _) = tls::localhost();
    let server = MailServer::encrypted(acceptor).await;
    let around = through(&server, "required", "pupila:secret@");
    assert_eq!(sent(&around).await, away());
    assert_eq!(server.mails().len(), 0);
}

#[tokio::test]
async fn a_server_that_cannot_encrypt_gets_nothing_where_that_is_required() {
    let server = MailServer::start().await;
    assert_eq!(sent(&through(&server, "required", "")).await, away());
    assert_eq!(server.mails().len(), 0);
    let optional = through(&server, "optional", "");
    assert_eq!(sent(&optional).await, Outcome::done());
}

#[tokio::test]
async fn while_the_mail_server_is_away_all_letters_wait() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    for (command, answer) in [("EHLO", "554 no service"), ("MAIL", "530 sign in first")] {
        server.refuses(command, answer);
        assert_eq!(sent(&around).await, away(), "{answer}");
    }
    let nobody = Around::configured(
        "public_url = 'https://pupila.example.org'
        [smtp]
        url = 'smtp://localhost:1'
        starttls = 'never'
        from = 'pupila@example.org'",
    );
    assert_eq!(sent(&nobody).await, away());
}

/// A letter that the server has, and says nothing of yet.
async fn under_way<'a>(
    around: &'a Around,
    server: &MailServer,
) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> {
    server.takes_its_time();
    let mut letter: Pin<Box<dyn Future<Output = Outcome> + 'a>> = Box::pin(sent(around));
    tokio::select! {
        outcome = &mut letter => panic!("{outcome:?}"),
        () = server.has_a_letter() => letter,
    }
}

async fn minutes_pass(minutes: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60 * minutes)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_server_that_looks_into_letters_has_its_time() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    let letter = under_way(&around, &server).await;
    minutes_pass(9).await;
    server.answers();
    assert_eq!(letter.await, Outcome::done());
}

#[tokio::test]
async fn a_letter_that_takes_too_long_holds_up_no_other() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    let letter = under_way(&around, &server).await;
    minutes_pass(11).await;
    assert_eq!(postponed(&letter.await), 5);
}

#[tokio::test]
async fn an_answer_that_nobody_waited_for_is_none_to_the_next_letter() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    for waits_long in [true, false] {
        let letter = under_way(&around, &server).await;
        if waits_long {
            minutes_pass(11).await;
            letter.await;
        } else {
            // As if the lease were lost.
            drop(letter);
        }
        server.answers();
        server.refuses(".", "451 4.3.0 no room");
        assert_eq!(postponed(&sent(&around).await), 5);
        assert_eq!(sent(&around).await, Outcome::done());
    }
}

#[tokio::test]
async fn a_letter_that_breaks_off_is_not_sent_again_all_the_time() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    for (command, answer) in [
        ("MAIL", "421 closing"),
        (".", "421 closing"),
        (".", HANGS_UP),
        (".", "no SMTP"),
    ] {
        server.refuses(command, answer);
        assert_eq!(postponed(&sent(&around).await), 5, "{command} {answer}");
    }
}

#[tokio::test]
async fn an_address_that_the_server_cannot_write_to_holds_up_no_other() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    let target = Target::Email(EmailTarget {
        address: "añá@example.org".to_owned(),
        unsubscribe_token: String::new(),
    });
    let outcome = around.tell(target, "es", around.job(|_| {})).await;
    assert_eq!(given_up(&outcome), "DELIVERY_REFUSED");
}

#[tokio::test]
async fn a_mailbox_that_is_full_is_tried_again_and_one_that_does_not_exist_is_not() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    server.refuses("RCPT", "452 4.2.2 ana@example.org is full");
    assert_eq!(postponed(&sent(&around).await), 5);
    server.refuses("RCPT", "550 5.1.1 ana@example.org does not exist");
    let outcome = sent(&around).await;
    assert_eq!(given_up(&outcome), "DELIVERY_REFUSED");
    assert_eq!(answered(&outcome), Some(Service::Smtp), "it is there");
    let told = format!("{outcome:?}");
    assert!(
        told.contains("550") && told.contains("example.org"),
        "{told}"
    );
    assert!(!told.contains("ana"), "{told}");
    assert_eq!(sent(&around).await, Outcome::done());
}

#[tokio::test]
async fn what_is_no_address_gets_nothing() {
    let server = MailServer::start().await;
    let around = through(&server, "never", "");
    for address in [
        "",
        "ana",
        "ana@example.org\r\nRCPT TO:<eve@example.org>",
        "a b@example.org",
    ] {
        let target = Target::Email(EmailTarget {
            address: address.to_owned(),
            unsubscribe_token: String::new(),
        });
        let outcome = around.tell(target, "en", around.job(|_| {})).await;
        assert_eq!(given_up(&outcome), "DELIVERY_REFUSED", "{address}");
        assert_eq!(answered(&outcome), Some(Service::Accounts), "{address}");
    }
    assert_eq!(server.mails().len(), 0);
}
