//! E-mail.

// What the worker's own stories receive letters with.
#[path = "../../../../services/worker/src/notify/tests/mail_server.rs"]
#[expect(dead_code, reason = "nobody refuses or encrypts here")]
mod mail_server;

use mail_parser::{Message, MessageParser};
use pupila_tests::{Pupila, Setup, Shape, User, eventually, stories};
use serde_json::json;

use self::mail_server::MailServer;
use super::{list, want, work};

stories!(a_letter_comes_until_it_is_not_wanted_any_more);

fn with_mail(shape: Shape, server: &MailServer) -> Setup {
    let url = format!("smtp://localhost:{}", server.port);
    Pupila::of(shape)
        .with_accounts()
        .with("worker.notify.public_url", "https://pupila.example.org")
        .with("worker.notify.smtp.url", url)
        .with("worker.notify.smtp.starttls", "never")
        .with("worker.notify.smtp.from", "Pupila <pupila@example.org>")
}

/// The path and query of the link at the foot of a letter.
fn unsubscribe_link(letter: &Message<'_>) -> String {
    let header = letter.header_raw("List-Unsubscribe").expect("a link");
    let link = header.trim().trim_matches(['<', '>']);
    let text = letter.body_text(0).expect("text");
    assert!(text.contains(link), "{text}");
    link.strip_prefix("https://pupila.example.org")
        .expect("our address")
        .to_owned()
}

async fn a_letter_comes_until_it_is_not_wanted_any_more(shape: Shape) {
    let server = MailServer::start().await;
    let app = with_mail(shape, &server).start().await;
    let ana = User::register(&app, "ana").await;
    ana.patch_json("/v1/me", &json!({"language": "es"}))
        .await
        .ok();
    want(&ana, json!({"email": true})).await;
    let id = work(&ana, "Sala 7").await;
    let mail = eventually("a letter", async || server.mails().pop()).await;
    assert_eq!(mail.to, "TO:<ana@example.org>");
    let letter = MessageParser::default()
        .parse(&mail.content)
        .expect("a letter");
    assert_alike!(letter.subject().expect("a subject"), @"«Sala 7» está listo");
    let html = letter.body_html(0).expect("HTML");
    for said in ["Sala 7", "PNEUMONIA", &format!("/jobs/{id}")] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert_eq!(letter.attachment_count(), 1, "a picture of what was found");

    let link = unsubscribe_link(&letter);
    let page = app.get(&link).await;
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("<form method=\"post\""),
        "{}",
        page.text()
    );
    let wants = async || ana.get("/v1/me/notifications").await.ok()["email"].clone();
    assert_eq!(wants().await, true, "looking ends nothing");
    for _ in 0..2 {
        let done = app.post(&link).await;
        assert_eq!(done.status, 200);
        assert!(done.text().contains("Ya no recibirás"), "{}", done.text());
    }
    assert_eq!(wants().await, false);
    assert_eq!(app.post("/unsubscribe?token=made-up").await.status, 404);
    assert_eq!(app.post("/unsubscribe").await.status, 400);

    work(&ana, "Sala 8").await;
    list(&ana, 2).await;
    assert_eq!(server.mails().len(), 1, "no more letters");
}
