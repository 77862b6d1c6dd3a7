use std::sync::{Arc, Mutex};

use futures_util::{StreamExt as _, stream, stream::BoxStream};
use http::{Method, header};
use pupila_core::{ErrorCode, Fault};
use pupila_proto::{
    accounts::v1 as accounts,
    history::v1::{CreateJobRequest, CreateJobResponse, Job, step::Kind},
    images::v1::{
        self as images, CreateArchiveRequest, CreateArchiveResponse, CreateImageRequest,
        CreateImageResponse, create_archive_request, create_image_request,
    },
    inference::v1::{ResolveModelRequest, ResolveModelResponse},
};
use pupila_runtime::rpc::into_status;
use tonic::Status;
use uuid::Uuid;

use crate::test_app::{Answer, Script, TestApp};

const JOBS: &str = "/v1/jobs";
const RESIZE: &[u8] = br#"[{"operation": "resize", "parameters": {"width": 300}}]"#;
const ZIP: &[u8] = b"PK\x03\x04 and so on";

/// What the services were asked for.
#[derive(Clone, Default)]
struct Asked {
    jobs: Arc<Mutex<Vec<CreateJobRequest>>>,
    /// Idempotency keys of images.
    keys: Arc<Mutex<Vec<String>>>,
    deleted: Arc<Mutex<Vec<String>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("{1}")]
struct Refused(ErrorCode, &'static str);

impl Fault for Refused {
    fn code(&self) -> ErrorCode {
        self.0
    }
    fn reason(&self) -> &'static str {
        self.1
    }
}

fn refused(code: ErrorCode, reason: &'static str) -> Status {
    into_status(Refused(code, reason))
}

/// Services that know one model, the images whose ids are below 20,000, an album of two of them, and that every file is an
/// image that does not begin with `bad`.
fn services(asked: &Asked) -> Script {
    let Asked {
        jobs,
        keys,
        deleted,
    } = asked.clone();
    Script::default()
        .answer(
            "/pupila.history.v1.JobService/CreateJob",
            move |request: CreateJobRequest| {
                let name = request.name.clone();
                jobs.lock().expect("jobs").push(request);
                if name == "too much" {
                    return Err(refused(ErrorCode::ResourceExhausted, "QUEUE_FULL"));
                }
                let id = "job-1".to_owned();
                let job = Job {
                    id,
                    name,
                    ..Job::default()
                };
                Ok(CreateJobResponse { job: Some(job) })
            },
        )
        .answer(
            "/pupila.inference.v1.InferenceService/ResolveModel",
            |request: ResolveModelRequest| match request.model.as_str() {
                "pneumonia" => Ok(ResolveModelResponse {
                    model: request.model,
                    version: request.version.unwrap_or(7),
                    ..ResolveModelResponse::default()
                }),
                _ => Err(refused(ErrorCode::NotFound, "MODEL_NOT_FOUND")),
            },
        )
        .answer(
            "/pupila.images.v1.ImageService/BatchGetImages",
            |request: images::BatchGetImagesRequest| {
                let known = request
                    .ids
                    .into_iter()
                    .filter(|id| id.parse::<Uuid>().is_ok_and(|id| id.as_u128() < 20_000));
                let images = known.map(|id| images::Image {
                    name: format!("{}.png", &id[32..]),
                    id,
                    ..images::Image::default()
                });
                Ok(images::BatchGetImagesResponse {
                    images: images.collect(),
                })
            },
        )
        .answer(
            "/pupila.accounts.v1.AlbumService/ListAlbumImages",
            |request: accounts::ListAlbumImagesRequest| {
                let ids: &[u128] = match request.album_id.as_bytes().last() {
                    Some(b'1') => &[1, 2],
                    _ => &[],
                };
                let images = ids.iter().map(|id| accounts::AlbumImage {
                    image_id: Uuid::from_u128(*id).to_string(),
                    ..accounts::AlbumImage::default()
                });
                Ok(accounts::ListAlbumImagesResponse {
                    images: images.collect(),
                    ..accounts::ListAlbumImagesResponse::default()
                })
            },
        )
        .upload(
            "/pupila.images.v1.ImageService/CreateImage",
            move |messages| once(create_image(messages, &keys)),
        )
        .upload(
            "/pupila.images.v1.ArchiveService/CreateArchive",
            |messages| once(create_archive(messages)),
        )
        .answer(
            "/pupila.images.v1.ArchiveService/DeleteArchive",
            move |request: images::DeleteArchiveRequest| {
                deleted.lock().expect("archives").push(request.id);
                Ok(images::DeleteArchiveResponse {})
            },
        )
}

fn once<A: Send + 'static>(answer: Result<A, Status>) -> BoxStream<'static, Result<A, Status>> {
    stream::iter([answer]).boxed()
}

fn create_image(
    messages: Vec<CreateImageRequest>,
    keys: &Mutex<Vec<String>>,
) -> Result<CreateImageResponse, Status> {
    let mut id = String::new();
    for message in messages {
        match message.part.expect("a part") {
            create_image_request::Part::Header(header) => {
                id = header.name;
                keys.lock().expect("keys").push(header.idempotency_key);
            }
            create_image_request::Part::Chunk(bytes) if bytes.starts_with(b"bad") => {
                return Err(refused(ErrorCode::Unprocessable, "IMAGE_UNREADABLE"));
            }
            create_image_request::Part::Chunk(bytes) if bytes.starts_with(b"busy") => {
                return Err(refused(ErrorCode::ResourceExhausted, "QUEUE_FULL"));
            }
            create_image_request::Part::Chunk(_) => {}
        }
    }
    let image = images::Image {
        id,
        ..images::Image::default()
    };
    Ok(CreateImageResponse { image: Some(image) })
}

fn create_archive(messages: Vec<CreateArchiveRequest>) -> Result<CreateArchiveResponse, Status> {
    let mut archive = images::Archive::default();
    for message in messages {
        match message.part.expect("a part") {
            create_archive_request::Part::Header(header) => archive.id = header.name,
            create_archive_request::Part::Chunk(bytes) => archive.size += bytes.len() as u64,
        }
    }
    Ok(CreateArchiveResponse {
        archive: Some(archive),
    })
}

impl Asked {
    fn only_job(&self) -> CreateJobRequest {
        let jobs = self.jobs.lock().expect("jobs");
        assert_eq!(jobs.len(), 1);
        jobs[0].clone()
    }

    fn nothing(&self) -> bool {
        self.jobs.lock().expect("jobs").is_empty()
    }
}

async fn post(asked: &Asked, body: &str) -> Answer {
    let app = TestApp::new(services(asked));
    app.json(Method::POST, JOBS, body).await
}

async fn send(asked: &Asked, fields: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let app = TestApp::new(services(asked));
    app.form(JOBS, fields, None).await
}

#[tokio::test]
async fn steps_are_pinned_and_images_become_items() {
    let asked = Asked::default();
    let body = format!(
        r#"{{"name": "Ward 7", "priority": "batch", "image_ids": ["{}", "{}"], "steps": [
            {{"operation": "resize", "parameters": {{"width": "300", "height": 200, "enlarge": true}}}},
            {{"model": "pneumonia", "parameters": {{"threshold": 0.4}}}}]}}"#,
        Uuid::from_u128(1),
        Uuid::from_u128(2),
    );
    let answer = post(&asked, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.headers[header::LOCATION], "/v1/jobs/job-1");
    assert_eq!(answer.json()["name"], "Ward 7");
    let job = asked.only_job();
    let names: Vec<_> = job
        .items
        .iter()
        .map(|item| item.filename.as_str())
        .collect();
    assert_eq!(names, ["0001.png", "0002.png"]);
    let [resize, model] = job.steps.as_slice() else {
        panic!("two steps: {:?}", job.steps);
    };
    let Some(Kind::Operation(resize)) = &resize.kind else {
        panic!("an operation: {resize:?}");
    };
    assert_eq!(resize.parameters["width"], "300");
    assert_eq!(resize.parameters["enlarge"], "true");
    let Some(Kind::Model(model)) = &model.kind else {
        panic!("a model: {model:?}");
    };
    assert_eq!((model.version, &*model.parameters["threshold"]), (7, "0.4"));
}

#[tokio::test]
async fn an_album_is_all_its_images() {
    let asked = Asked::default();
    let album = Uuid::from_u128(1);
    let body = format!(r#"{{"album_id": "{album}", "steps": [{{"operation": "sepia"}}]}}"#);
    let answer = post(&asked, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(asked.only_job().items.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_is_told_where_it_is() {
    let step = r#"{"operation": "sepia"}"#;
    let order = |steps: &str, rest: &str| format!(r#"{{"steps": [{steps}], {rest}}}"#);
    let one = format!(r#""image_ids": ["{}"]"#, Uuid::from_u128(1));
    let unknown = Uuid::from_u128(20_000);
    let ids = (0..10_001_u128).map(|id| format!("\"{}\"", Uuid::from_u128(id)));
    let too_many = format!(r#""image_ids": [{}]"#, ids.collect::<Vec<_>>().join(","));
    let album = |id| format!(r#""album_id": "{}""#, Uuid::from_u128(id));
    let watermark = format!(
        r#"{step}, {{"operation": "watermark_image", "parameters": {{"image": "{unknown}"}}}}"#
    );
    let cases = [
        ("7".to_owned(), "400 INVALID_ARGUMENT :"),
        (
            format!("{{{one}}}"),
            "400 INVALID_ARGUMENT /steps: is missing",
        ),
        (
            order("", &one),
            "400 INVALID_ARGUMENT /steps: must be 1 to 16 steps",
        ),
        (
            order(&[step; 17].join(","), &one),
            "400 INVALID_ARGUMENT /steps: must be 1 to 16 steps",
        ),
        (
            order("7", &one),
            "400 INVALID_ARGUMENT /steps/0: invalid type",
        ),
        (
            order("{}", &one),
            "400 INVALID_ARGUMENT /steps/0: must have either",
        ),
        (
            order(r#"{"operation": "sepia", "model": "pneumonia"}"#, &one),
            "400 INVALID_ARGUMENT /steps/0: must have either",
        ),
        (
            order(
                &format!(r#"{step}, {{"operation": "sepia", "version": 1}}"#),
                &one,
            ),
            "400 INVALID_ARGUMENT /steps/1/version: only a model",
        ),
        (
            order(r#"{"operation": "fold"}"#, &one),
            "400 UNKNOWN_OPERATION /steps/0/operation: there is no operation",
        ),
        (
            order(r#"{"model": "cats"}"#, &one),
            "404 MODEL_NOT_FOUND /steps/0: MODEL_NOT_FOUND",
        ),
        (
            order(r#"{"model": "pneumonia", "version": 0}"#, &one),
            "400 INVALID_ARGUMENT /steps/0/version: expected a whole number",
        ),
        (
            order(
                r#"{"operation": "resize", "parameters": {"widht": 3}}"#,
                &one,
            ),
            "400 UNKNOWN_PARAMETER /steps/0/parameters: resize does not take",
        ),
        (
            order(
                &format!(
                    r#"{step}, {step}, {{"operation": "resize", "parameters": {{"width": 0}}}}"#
                ),
                &one,
            ),
            "400 PARAMETER_OUT_OF_RANGE /steps/2/parameters/width: must be",
        ),
        (
            order(
                r#"{"operation": "resize", "parameters": {"width": [1]}}"#,
                &one,
            ),
            "400 INVALID_ARGUMENT /steps/0/parameters/width: must be a number",
        ),
        (
            order(&watermark, &one),
            "404 IMAGE_NOT_FOUND /steps/1/parameters/image: images that do not exist",
        ),
        (
            order(step, r#""name": "x""#),
            "400 INVALID_ARGUMENT /image_ids: is missing",
        ),
        (
            order(step, &format!("{one}, {}", album(1))),
            "400 INVALID_ARGUMENT /album_id: must not be there",
        ),
        (
            order(step, &too_many),
            "400 INVALID_ARGUMENT /image_ids: must be 1 to 10000",
        ),
        (
            order(step, &album(0)),
            "400 INVALID_ARGUMENT /album_id: has no images",
        ),
        (
            order(step, &format!(r#""image_ids": ["{unknown}"]"#)),
            "404 IMAGE_NOT_FOUND /image_ids: images that do not exist",
        ),
        (
            order(step, &format!(r#"{one}, "priority": "now""#)),
            "400 INVALID_ARGUMENT /priority: unknown variant",
        ),
    ];
    let asked = Asked::default();
    for (body, expected) in cases {
        let told = post(&asked, &body).await.problem();
        assert!(told.starts_with(expected), "{told}\n{body:.300}");
    }
    assert!(asked.nothing());
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
    assert!(job.silent);
    assert!(asked.deleted.lock().expect("archives").is_empty());
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
            "400 INVALID_ARGUMENT /file: must be sent once where it is a ZIP",
        ),
        (
            vec![steps, zip, ("file", Some("a.png"), b"good")],
            "400 INVALID_ARGUMENT /file: must be sent once",
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
            "400 INVALID_ARGUMENT /steps: invalid type",
        ),
        (
            vec![("steps", None, b"[{\"operation\": 7}]"), file],
            "400 INVALID_ARGUMENT /steps/0/operation: invalid type",
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
            "400 INVALID_ARGUMENT /file: must be sent once",
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
