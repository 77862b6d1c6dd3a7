//! Many images at once, in ZIPs.

// Its entries can lie, as no packer lets them.
#[path = "../../../services/worker/src/unpack/tests/zip.rs"]
mod packed;

use pupila_tests::{Api, File, Part, Pupila, Shape, stories, text};
use serde_json::{Value, json};

use self::packed::{Packed, zip, zip_of};

stories!(
    a_zip_is_unpacked_and_nothing_in_it_is_believed,
    a_zip_of_many_is_called_off_midway_and_goes_on_where_it_was,
    bombs_and_what_is_no_zip_are_refused,
    a_zip_that_is_sent_again_finds_its_job,
);

/// As many X-rays as a large batch has.
const MANY: usize = 500;

fn thumbnails() -> Value {
    json!([{"operation": "resize", "parameters": {"width": 16}}])
}

/// An entry that a person would pack.
fn entry(file: &File) -> Packed {
    Packed::stored(&file.name, &file.bytes)
}

fn archive(entries: &[Packed]) -> File {
    File::new("ward-7.zip", zip(entries))
}

fn count(job: &Value, state: &str) -> u64 {
    job["counts"][state].as_u64().expect("a number")
}

/// A line for each item.
async fn told(api: &Api, job: &str) -> String {
    let items = api.items(job).await;
    let lines = items.iter().map(|item| {
        let [name, state] = ["filename", "state"].map(|field| text(item, field));
        let failure = item["failure"]["code"].as_str().unwrap_or_default();
        format!("{} {name} {state} {failure}", item["position"])
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn a_zip_is_unpacked_and_nothing_in_it_is_believed(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let picture = |name: &str, number: usize| Packed::deflated(name, File::numbered(number).bytes);
    let inner = zip(&[picture("inner.png", 9)]);
    let damaged = Packed {
        crc: 7,
        ..picture("damaged.png", 8)
    };
    let entries = [
        picture("../../etc/passwd.png", 1),
        picture(r"C:\windows\ñandú.png", 2),
        Packed {
            mode: 0o040_755,
            ..Packed::stored("ward/", "")
        },
        picture("__MACOSX/._a.png", 3),
        Packed {
            mode: 0o120_777,
            ..Packed::stored("link.png", "/etc/passwd")
        },
        Packed::stored("inner.zip", &inner),
        Packed {
            flags: 1,
            ..picture("secret.png", 4)
        },
        damaged,
        Packed::deflated("letter.png", "This is a letter."),
        Packed::stored("bomb.png", File::png_bomb().bytes),
        picture("ward/a.png", 5),
    ];
    let id = app.submit(&thumbnails(), &[archive(&entries)]).await;
    let job = app.ended(&id).await;
    assert_eq!(job["state"], "SUCCEEDED", "{job}");
    assert_eq!(
        (&job["unpacking"], &job["priority"]),
        (&json!(false), &json!("batch"))
    );
    assert_alike!(told(&app, &id).await, @r"
    0 etc/passwd.png SUCCEEDED 
    1 windows/ñandú.png SUCCEEDED 
    2 inner.zip FAILED NESTED_ARCHIVE
    3 secret.png FAILED ENCRYPTED_ENTRY
    4 damaged.png FAILED ENTRY_UNREADABLE
    5 letter.png FAILED IMAGE_UNREADABLE
    6 bomb.png FAILED TOO_MANY_PIXELS
    7 ward/a.png SUCCEEDED
    ");
    let stored = app.all_pages("/v1/images").await;
    assert_eq!(
        stored.len() as u64,
        2 * count(&job, "succeeded"),
        "what is no image is not stored"
    );
}

async fn a_zip_of_many_is_called_off_midway_and_goes_on_where_it_was(shape: Shape) {
    let mut app = Pupila::of(shape)
        .with("history.jobs.lease_seconds", 3)
        .with("history.jobs.sweep_seconds", 1)
        .start()
        .await;
    let entries: Vec<_> = (0..MANY)
        .map(|number| entry(&File::numbered(number)))
        .collect();
    let id = app.submit(&thumbnails(), &[archive(&entries)]).await;

    let mut events = app.listen(&format!("/v1/jobs/{id}/events"), None).await;
    let mut ready = 0;
    while ready < 20 {
        let event = events.next().await.expect("more is told");
        assert_eq!(event.name, "job");
        let told = count(&event.data["job"], "succeeded");
        assert!(
            told >= ready,
            "progress goes forward: {}",
            event.data["job"]
        );
        ready = told;
    }
    let called_off = app.post(&format!("/v1/jobs/{id}:cancel")).await.ok();
    assert_eq!(called_off["state"], "CANCELLED");
    assert_eq!(called_off["unpacking"], false);
    let end = events.next_where(|event| event.name == "end").await;
    assert_eq!(end.data, json!({"state": "CANCELLED"}));
    assert!(
        count(&called_off, "succeeded") < MANY as u64,
        "{called_off}"
    );

    app.post(&format!("/v1/jobs/{id}:retry")).await.ok();
    for goal in [MANY / 4, MANY / 2] {
        app.job_at(&id, goal as u64).await;
        let worker = app.program(Part::Worker(0));
        worker.kill().await;
        worker.start().await;
    }
    let job = app.ended(&id).await;
    assert_eq!(count(&job, "total"), MANY as u64, "{job}");
    assert_eq!(count(&job, "succeeded"), MANY as u64, "{job}");
    let names: Vec<_> = app.items(&id).await;
    let names = names.iter().map(|item| text(item, "filename").to_owned());
    let expected = (0..MANY).map(|number| File::numbered(number).name);
    assert!(names.eq(expected), "each at its place, once");
    let stored = app.all_pages("/v1/images?page_size=200").await;
    assert_eq!(stored.len(), 2 * MANY, "nothing was unpacked or made twice");
}

async fn bombs_and_what_is_no_zip_are_refused(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let kernel = Packed::deflated("0.png", vec![0; 1 << 20]);
    let twins = (0..100).map(|number| Packed {
        name: format!("{number}.png").into_bytes(),
        place: Some(0),
        ..kernel.clone()
    });
    let over_each_other: Vec<_> = twins.collect();
    let liar = Packed {
        size: 1_000,
        ..Packed::deflated("liar.png", vec![0; 10 << 20])
    };
    let huge = Packed {
        size: u32::MAX,
        ..kernel.clone()
    };
    let cases = [
        zip(&over_each_other),
        zip(&[liar]),
        zip(&[huge]),
        zip(&[]),
        zip_of(&[kernel], 40_001),
        b"PK\x03\x04 and nothing more".to_vec(),
        [zip(&[entry(&File::numbered(1))]), b"tail".repeat(40_000)].concat(),
    ];
    let mut outcomes = String::new();
    for (number, case) in cases.into_iter().enumerate() {
        let id = app.submit(&thumbnails(), &[File::new("a.zip", case)]).await;
        let job = app.ended(&id).await;
        let failure = job["failure"]["code"].as_str().unwrap_or_default();
        outcomes += &format!(
            "{number} {} {failure} {}\n",
            text(&job, "state"),
            told(&app, &id).await
        );
    }
    assert_alike!(outcomes, @r"
    0 FAILED ARCHIVE_BOMB 
    1 FAILED  0 liar.png FAILED ENTRY_UNREADABLE
    2 FAILED  0 0.png FAILED TOO_LARGE
    3 FAILED ARCHIVE_EMPTY 
    4 FAILED ARCHIVE_UNREADABLE 
    5 FAILED ARCHIVE_UNREADABLE 
    6 FAILED ARCHIVE_UNREADABLE
    ");
    assert_eq!(app.all_pages("/v1/images").await, [] as [Value; 0]);
    let two = [archive(&[entry(&File::numbered(1))]), File::x_ray()];
    let refused = app.send(app.job_form(&thumbnails(), &[], &two)).await;
    assert_alike!(refused.problem(), @r"
    400 Bad Request INVALID_ARGUMENT
    must be the only one where it is a ZIP
    /file: must be the only one where it is a ZIP
    ");
}

async fn a_zip_that_is_sent_again_finds_its_job(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let send = async |number: usize| {
        let zip = [archive(&[entry(&File::numbered(number))])];
        let request = app.job_form(&thumbnails(), &[], &zip);
        app.send(request.header("idempotency-key", "monday")).await
    };
    let id = text(&send(1).await.ok(), "id").to_owned();
    app.ended(&id).await;
    let stored = app.get("/v1/me/usage").await.ok();
    assert_eq!(text(&send(1).await.ok(), "id"), id);
    assert_alike!(send(2).await.problem(), @r"
    409 Conflict IDEMPOTENCY_KEY_REUSED
    the idempotency key was used for another job
    ");
    assert_eq!(app.all_pages("/v1/jobs").await.len(), 1);
    let now = app.get("/v1/me/usage").await.ok();
    assert_eq!(now, stored, "no ZIP is left");
}
