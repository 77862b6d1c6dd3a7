//! Jobs over the files of a form.

use axum::body::Body;
use http::{Request, header};
use pupila_core::Digest;

use super::{Asked, JOBS, services};
use crate::test_app::{Answer, TestApp};

const RESIZE: &[u8] = br#"[{"operation": "resize", "parameters": {"width": 300}}]"#;
const ZIP: &[u8] = b"PK\x03\x04 and so on";

async fn send(asked: &Asked, fields: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let app = TestApp::new(services(asked));
    app.form(JOBS, fields, None).await
}

#[tokio::test]
async fn a_bad_file_among_good_ones_is_an_item_that_failed() {
    let asked = Asked::default();
    let app = TestApp::new(services(&asked));
    let large = vec![b'a'; (20 << 20) + 1];
    let fields: [(&str, Option<&str>, &[u8]); 5] = [
        ("steps", None, RESIZE),
        ("file", Some("a.png"), b"good"),
        ("file", Some("large.png"), &large),
        ("file", Some("text.zip"), b"bad: not a ZIP"),
        ("file", None, b"good"),
    ];
    let answer = app.form(JOBS, &fields, Some("k")).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let job = asked.only_job();
    let items: Vec<_> = job
        .items
        .iter()
        .map(|item| {
            let failure = item.failure.as_ref();
            let reason = failure.map_or("", |failure| &failure.reason);
            (&*item.filename, &*item.image_id, reason)
        })
        .collect();
    assert_eq!(
        items,
        [
            ("a.png", "a.png", ""),
            ("large.png", "", "TOO_LARGE"),
            ("text.zip", "", "IMAGE_UNREADABLE"),
            ("image", "image", ""),
        ]
    );
    assert_eq!(job.idempotency_key, "k");
    let mut keys = asked.keys.lock().expect("keys").clone();
    keys.push("k".to_owned());
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 4, "one that was cut off is no image: {keys:?}");
}

#[tokio::test]
async fn where_all_files_are_bad_there_is_no_job() {
    let asked = Asked::default();
    let bad: (&str, Option<&str>, &[u8]) = ("file", Some("a.png"), b"bad");
    let told = send(&asked, &[("steps", None, RESIZE), bad, bad]).await;
    assert!(
        told.problem().starts_with("422 IMAGE_UNREADABLE"),
        "{told:?}"
    );
    // What has nothing to do with the file is no item's failure.
    let good: (&str, Option<&str>, &[u8]) = ("file", Some("a.png"), b"good");
    let busy: (&str, Option<&str>, &[u8]) = ("file", Some("b.png"), b"busy");
    let told = send(&asked, &[("steps", None, RESIZE), good, busy]).await;
    assert!(told.problem().starts_with("429 QUEUE_FULL"), "{told:?}");
    assert!(asked.nothing());
}

#[tokio::test]
async fn one_zip_is_handed_on_as_it_is() {
    let asked = Asked::default();
    // Larger than an image may be.
    let mut zip = ZIP.to_vec();
    zip.resize(21 << 20, b'a');
    let fields: [(&str, Option<&str>, &[u8]); 4] = [
        ("name", None, b"Ward 7"),
        ("silent", None, b"true"),
        ("steps", None, RESIZE),
        ("file", Some("x-rays.zip"), &zip),
    ];
    let answer = send(&asked, &fields).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let job = asked.only_job();
    assert_eq!((&*job.archive_id, job.items.len()), ("x-rays.zip", 0));
    assert_eq!(&*job.archive_sha256, Digest::of(&zip).as_bytes());
    assert!(job.silent);
    assert!(asked.deleted.lock().expect("archives").is_empty());
}

#[tokio::test]
async fn the_zip_of_a_repeated_form_is_deleted() {
    let asked = Asked::default();
    let fields: [(&str, Option<&str>, &[u8]); 3] = [
        ("name", None, b"again"),
        ("steps", None, RESIZE),
        ("file", Some("second.zip"), ZIP),
    ];
    let answer = send(&asked, &fields).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(*asked.deleted.lock().expect("archives"), ["second.zip"]);
}

#[tokio::test]
async fn a_zip_that_no_job_comes_of_is_deleted() {
    let zip: (&str, Option<&str>, &[u8]) = ("file", Some("a.zip"), ZIP);
    let steps: (&str, Option<&str>, &[u8]) = ("steps", None, RESIZE);
    let name: (&str, Option<&str>, &[u8]) = ("name", None, b"too much");
    let cases = [
        (vec![name, steps, zip], "429 QUEUE_FULL"),
        (
            vec![steps, zip, zip],
            "400 INVALID_ARGUMENT /file: must be the only one where it is a ZIP",
        ),
        (
            vec![steps, zip, ("file", Some("a.png"), b"good")],
            "400 INVALID_ARGUMENT /file: must be the only one",
        ),
        (
            vec![steps, zip, name],
            "400 INVALID_ARGUMENT /name: must come before the files",
        ),
        (
            vec![steps, zip, ("album", None, b"")],
            "400 INVALID_ARGUMENT /album: the field `album` is not known",
        ),
    ];
    for (fields, expected) in cases {
        let asked = Asked::default();
        let told = send(&asked, &fields).await.problem();
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(*asked.deleted.lock().expect("archives"), ["a.zip"]);
    }
}

#[tokio::test]
async fn a_form_is_read_in_order() {
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("a.png"), b"good");
    let steps: (&str, Option<&str>, &[u8]) = ("steps", None, RESIZE);
    let cases = [
        (vec![], "400 INVALID_ARGUMENT /steps: is missing"),
        (
            vec![steps],
            "400 INVALID_ARGUMENT /file: the field `file` is missing",
        ),
        (
            vec![file, steps],
            "400 INVALID_ARGUMENT /steps: must be there, before the files",
        ),
        (
            vec![steps, steps],
            "400 INVALID_ARGUMENT /steps: the field `steps` was sent more than once",
        ),
        (
            vec![("steps", None, b"resize"), file],
            "400 INVALID_ARGUMENT /steps: is not JSON",
        ),
        (
            vec![("steps", None, b"{}"), file],
            "400 INVALID_ARGUMENT /steps: must be an array",
        ),
        (
            vec![("steps", None, b"[{\"operation\": 7}]"), file],
            "400 INVALID_ARGUMENT /steps/0/operation: must be a text",
        ),
        (
            vec![("priority", None, b"now")],
            "400 INVALID_ARGUMENT /priority: must be",
        ),
        (
            vec![
                steps,
                ("file", Some("a.png"), b"good"),
                ("file", Some("b.zip"), ZIP),
            ],
            "400 INVALID_ARGUMENT /file: must be the only one",
        ),
        (
            vec![steps, ("file", Some("a.png"), b"")],
            "400 INVALID_ARGUMENT /file: the file is empty",
        ),
    ];
    let asked = Asked::default();
    for (fields, expected) in cases {
        let told = send(&asked, &fields).await.problem();
        assert!(told.starts_with(expected), "{told}");
    }
    assert!(asked.nothing());
}

#[tokio::test]
async fn what_is_neither_a_form_nor_json_is_told_what_it_may_be() {
    let app = TestApp::new(services(&Asked::default()));
    for path in ["/v1/jobs", "/v1/predictions"] {
        for sent in [None, Some("text/plain")] {
            let mut request = Request::post(path);
            if let Some(sent) = sent {
                request = request.header(header::CONTENT_TYPE, sent);
            }
            let request = request.body(Body::from("x")).expect("a request");
            let told = Answer::read(app.send(request).await).await;
            assert_eq!(told.problem(), "415 UNSUPPORTED_MEDIA_TYPE : ", "{path}");
            for kind in ["multipart/form-data", "application/json"] {
                assert!(told.text.contains(kind), "{}", told.text);
            }
        }
    }
    let boundless = Request::post("/v1/jobs").header(header::CONTENT_TYPE, "multipart/form-data");
    let boundless = boundless.body(Body::from("x")).expect("a request");
    let told = Answer::read(app.send(boundless).await).await;
    assert_eq!(told.problem(), "400 INVALID_ARGUMENT : ");
}

#[tokio::test]
async fn an_archive_that_is_no_zip_is_told_what_would_do() {
    let fields: [(&str, Option<&str>, &[u8]); 2] = [
        ("steps", None, RESIZE),
        ("file", Some("a.tgz"), b"\x1F\x8B\x08 and so on"),
    ];
    let told = send(&Asked::default(), &fields).await.problem();
    let expected = "415 UNSUPPORTED_FORMAT /file: gzip files are not read here; send a ZIP, or the images themselves";
    assert_eq!(told, expected);
}
