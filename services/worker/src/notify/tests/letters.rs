//! What letters say, read as mail programs do.

mod reader;

use mail_parser::{Message, MimeHeaders as _};
use pupila_proto::history::v1::{Failure, ItemCounts, Job, JobItem, JobState};

use self::reader::{Reader, item, picture};
use super::harness::{JOB, TASK};

fn header<'a>(message: &'a Message<'_>, name: &str) -> &'a str {
    message.header_raw(name.to_owned()).map_or("", str::trim)
}

fn html(message: &Message<'_>) -> String {
    message.body_html(0).expect("HTML").into_owned()
}

fn text(message: &Message<'_>) -> String {
    message.body_text(0).expect("text").replace("\r\n", "\n")
}

#[tokio::test]
async fn a_letter_says_how_it_went_in_text_and_in_html() {
    let reader = Reader::start().await;
    reader.found(3);
    let message = reader.read("en", |_| {}).await;
    assert_eq!(
        message.subject(),
        Some("“X-rays of May” is ready, with 2 errors")
    );
    assert_eq!(
        text(&message),
        format!(
            "“X-rays of May” is ready, with 2 errors

500 images: 498 ready, 2 failed · 3 min 5 s

What was found:
  NORMAL: 341
  PNEUMONIA: 157

What went wrong:
  not an image, or a damaged one: 2

See the job: https://pupila.example.org/jobs/{JOB}

-- 
You get this e-mail because you asked to be told when your jobs end.
Stop these e-mails: https://pupila.example.org/unsubscribe?token=token%26more&language=en"
        )
    );
    let html = html(&message);
    for said in [
        "X-rays of May",
        "498",
        "PNEUMONIA",
        "157",
        "3 min 5 s",
        "97%",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.contains(&format!("href=\"https://pupila.example.org/jobs/{JOB}\"")));
}

#[tokio::test]
async fn a_letter_comes_in_spanish() {
    let reader = Reader::start().await;
    reader.found(4);
    let message = reader.read("es", |_| {}).await;
    assert_eq!(
        message.subject(),
        Some("«X-rays of May» está listo, con 2 errores")
    );
    assert!(text(&message).contains("500 imágenes: 498 listas, 2 con error · 3 min 5 s"));
    assert!(html(&message).contains("Ver el trabajo"));
    assert_eq!(header(&message, "Content-Language"), "es");
}

#[tokio::test]
async fn machines_know_what_it_is_and_how_to_stop_it() {
    let reader = Reader::start().await;
    let message = reader.read("en", |_| {}).await;
    let again = reader.read("en", |_| {}).await;
    let id = format!("{TASK}@example.org");
    assert_eq!(message.message_id(), Some(&*id));
    assert_eq!(again.message_id(), Some(&*id), "a repeat is recognised");
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        (
            "List-Unsubscribe",
            "<https://pupila.example.org/unsubscribe?token=token%26more&language=en>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ] {
        assert_eq!(header(&message, name), value);
    }
    assert!(message.date().is_some());
}

#[tokio::test]
async fn the_pictures_come_with_the_letter() {
    let reader = Reader::start().await;
    reader.found(9);
    let message = reader.read("en", |_| {}).await;
    let html = html(&message);
    let pictures: Vec<_> = message.attachments().collect();
    assert_eq!(pictures.len(), 4, "of 500 images");
    for (index, part) in pictures.iter().enumerate() {
        assert_eq!(part.contents(), picture(index));
        let id = part.content_id().expect("an id");
        assert!(html.contains(&format!("src=\"cid:{id}\"")), "{id}");
    }
    assert!(
        !html.contains("src=\"http"),
        "nothing is fetched from elsewhere"
    );
    let root = message.content_type().expect("a type");
    assert_eq!(root.subtype(), Some("alternative"));
}

#[tokio::test]
async fn where_nothing_succeeded_the_original_is_shown() {
    let reader = Reader::start().await;
    {
        let mut script = reader.around.services.script();
        script.items = vec![JobItem {
            state: JobState::Failed.into(),
            results: Vec::new(),
            ..item(0)
        }];
        script.pictures = [("original-0".to_owned(), picture(0))].into();
    }
    let failed = |job: &mut Job| {
        job.set_state(JobState::Failed);
        job.counts = Some(ItemCounts {
            total: 1,
            failed: 1,
            ..ItemCounts::default()
        });
    };
    let message = reader.read("es", failed).await;
    assert_eq!(
        message.subject(),
        Some("«X-rays of May» terminó con un error")
    );
    assert_eq!(message.attachment_count(), 1);
    assert!(html(&message).contains("patient-0.png"));
}

#[tokio::test]
async fn a_job_that_failed_as_a_whole_says_why() {
    let reader = Reader::start().await;
    let failed = |reason: &'static str| {
        move |job: &mut Job| {
            job.set_state(JobState::Failed);
            job.counts = Some(ItemCounts {
                total: 7,
                failed: 7,
                ..ItemCounts::default()
            });
            job.failure = Some(Failure {
                reason: reason.to_owned(),
                ..Failure::default()
            });
        }
    };
    let message = reader.read("es", failed("ARCHIVE_UNREADABLE")).await;
    assert_eq!(
        message.subject(),
        Some("«X-rays of May» terminó con 7 errores")
    );
    let why = "Lo que falló: el archivo no es un ZIP, o está dañado";
    assert!(text(&message).contains(why), "{}", text(&message));
    assert!(html(&message).contains(why));
    let message = reader.read("en", failed("NEW_REASON")).await;
    assert!(text(&message).contains("What went wrong: NEW_REASON"));
}

#[tokio::test]
async fn a_letter_goes_without_what_cannot_be_read() {
    let reader = Reader::start().await;
    reader.found(3);
    {
        let mut script = reader.around.services.script();
        script.report = None;
        script.pictures.remove("made-0");
        script
            .pictures
            .insert("made-1".to_owned(), vec![0xff; 300 << 10]);
    }
    let message = reader.read("en", |_| {}).await;
    assert_eq!(message.attachment_count(), 1);
    assert!(!text(&message).contains("What was found"));
}

#[tokio::test]
async fn a_hostile_name_is_only_a_name() {
    let reader = Reader::start().await;
    let name = "<script>alert(1)</script>\r\nBcc: eve@example.org\r\n\r\n<img src=http://evil.example/x>&\"'";
    reader.around.services.script().items = vec![JobItem {
        filename: name.to_owned(),
        ..item(0)
    }];
    let pictures = [("made-0".to_owned(), picture(0))];
    reader.around.services.script().pictures = pictures.into();
    let hostile = |job: &mut Job| job.name = name.to_owned();
    let message = reader.read("en", hostile).await;
    assert_eq!(header(&message, "Bcc"), "");
    let to = message.to().and_then(|to| to.first()).expect("one");
    assert_eq!(to.address(), Some("ana@example.org"));
    let subject = message.subject().expect("a subject");
    assert!(
        subject.contains("</script> Bcc: eve@example.org <img"),
        "{subject}"
    );
    let html = html(&message);
    assert!(
        !html.contains("<script") && !html.contains("<img src=http"),
        "{html}"
    );
    assert!(html.contains("&#60;script&#62;"), "{html}");
    assert_eq!(reader.server.mails()[0].to, "TO:<ana@example.org>");
}

#[tokio::test]
async fn a_name_that_looks_encoded_is_read_as_it_was_written() {
    let reader = Reader::start().await;
    for name in [
        "x =?utf-8?q?=0D=0ABcc:a=40b.c?= y",
        "ñ =?utf-8?b?DQpCY2M6IGFAYi5j?= a name that is long enough for two lines",
        "=?",
    ] {
        let message = reader.read("en", |job| job.name = name.to_owned()).await;
        let subject = format!("“{name}” is ready, with 2 errors");
        assert_eq!(message.subject(), Some(&*subject));
        assert_eq!(header(&message, "Bcc"), "");
    }
}

#[tokio::test]
async fn a_job_without_a_name_is_yours() {
    let reader = Reader::start().await;
    let unnamed = |job: &mut Job| {
        job.name.clear();
        job.counts = Some(ItemCounts {
            total: 12,
            succeeded: 4,
            failed: 1,
            cancelled: 7,
            ..ItemCounts::default()
        });
    };
    let message = reader.read("es", unnamed).await;
    assert_eq!(
        message.subject(),
        Some("Tu trabajo está listo, con 1 error")
    );
    let said = "12 imágenes: 4 listas, 1 con error, 7 canceladas";
    assert!(text(&message).contains(said), "{}", text(&message));
}
