use std::{
    io::{Cursor, Read as _},
    time::Duration,
};

use axum::body::Body;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use pupila_core::{ErrorCode, Fault, Scope};
use pupila_proto::{
    history::v1::{
        DerivedImage, GetJobRequest, GetJobResponse, GetReportRequest, GetReportResponse, Job,
        JobItem, JobState, ListItemsRequest, ListItemsResponse, OperationStep, Step, StepResult,
        step, step_result::Kind,
    },
    images::v1::{Image, ReadContentRequest, ReadContentResponse, read_content_response::Part},
};
use pupila_runtime::rpc::into_status;
use tokio::time::sleep;
use tonic::Status;
use zip::ZipArchive;

use crate::test_app::{Script, TestApp};

#[derive(Debug, thiserror::Error)]
#[error("no bytes")]
struct NoBytes(ErrorCode, &'static str);

impl Fault for NoBytes {
    fn code(&self) -> ErrorCode {
        self.0
    }
    fn reason(&self) -> &'static str {
        self.1
    }
}

/// An item of which an image of that id was made.
fn item(position: u32, image_id: &str) -> JobItem {
    let image = DerivedImage {
        image_id: image_id.to_owned(),
        name: "x-ray.png".to_owned(),
        format: "jpeg".to_owned(),
        ..DerivedImage::default()
    };
    JobItem {
        position,
        filename: format!("{image_id}/x-ray.png"),
        state: JobState::Succeeded.into(),
        results: vec![StepResult {
            step: 0,
            kind: Some(Kind::Image(image)),
        }],
        ..JobItem::default()
    }
}

/// A job of four items, two a page.
fn services() -> Script {
    let service = "/pupila.history.v1.JobService";
    let job = || {
        Some(Job {
            name: "Ward 7".to_owned(),
            steps: vec![Step {
                kind: Some(step::Kind::Operation(OperationStep::default())),
            }],
            ..Job::default()
        })
    };
    Script::default()
        .answer(&format!("{service}/GetJob"), move |_: GetJobRequest| {
            Ok(GetJobResponse { job: job() })
        })
        .answer(
            &format!("{service}/GetReport"),
            move |_: GetReportRequest| {
                Ok(GetReportResponse {
                    job: job(),
                    ..GetReportResponse::default()
                })
            },
        )
        .answer(
            &format!("{service}/ListItems"),
            |request: ListItemsRequest| {
                let (items, next) = match request.page_token.as_str() {
                    "" => (vec![item(0, "one"), item(1, "gone")], "2"),
                    _ => (vec![item(2, "lost"), item(3, "two")], ""),
                };
                let next_page_token = next.to_owned();
                Ok(ListItemsResponse {
                    items,
                    next_page_token,
                })
            },
        )
        .stream(
            "/pupila.images.v1.ImageService/ReadContent",
            |request: ReadContentRequest| {
                let refusal = match request.id.as_str() {
                    "gone" => Some(NoBytes(ErrorCode::NotFound, "IMAGE_NOT_FOUND")),
                    "lost" => Some(NoBytes(ErrorCode::Internal, "IMAGE_BYTES_MISSING")),
                    _ => None,
                };
                if let Some(refusal) = refusal {
                    return stream::iter([Err(into_status(refusal))]).boxed();
                }
                content(request)
            },
        )
}

/// An image whose bytes are its id.
fn content(request: ReadContentRequest) -> BoxStream<'static, Result<ReadContentResponse, Status>> {
    let parts = [
        Part::Header(Image::default()),
        Part::Chunk(request.id.into()),
    ];
    let messages = parts.map(|part| Ok(ReadContentResponse { part: Some(part) }));
    stream::iter(messages).boxed()
}

#[tokio::test]
async fn what_came_out_of_a_job_is_one_zip_file() {
    let app = TestApp::new(services());
    let request = Request::get("/v1/jobs/a/archive").body(Body::empty());
    let response = app.send(request.expect("a request")).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/zip");
    let name = response.headers()[header::CONTENT_DISPOSITION].to_str();
    assert!(name.expect("text").contains("\"Ward 7.zip\""));
    let body = response.into_body().collect().await.expect("a whole file");
    let mut zip = ZipArchive::new(Cursor::new(body.to_bytes())).expect("a ZIP file");
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        files.push((file.name().expect("a name").into_owned(), text));
    }
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let [one, two, results, report, errors] = &*files else {
        panic!("{files:?}")
    };
    assert_eq!(*one, ("one/x-ray.png.jpg", "one"));
    assert_eq!(*two, ("two/x-ray.png.jpg", "two"));
    assert_eq!(*errors, ("errors.txt", "lost/x-ray.png.jpg: no bytes\n"));
    assert_eq!(report.0, "report.json");
    assert!(report.1.contains("\"name\": \"Ward 7\""), "{}", report.1);
    assert_eq!(results.0, "results.csv");
    insta::assert_snapshot!(results.1, @"
    position,filename,image_id,state,attempts,derived_image_ids,failure,failure_detail,files
    0,one/x-ray.png,,SUCCEEDED,0,one,,,one/x-ray.png.jpg
    1,gone/x-ray.png,,SUCCEEDED,0,gone,,,
    2,lost/x-ray.png,,SUCCEEDED,0,lost,,,
    3,two/x-ray.png,,SUCCEEDED,0,two,,,two/x-ray.png.jpg
    ");
}

#[tokio::test]
async fn who_may_not_have_the_images_is_told_before_anything_is_sent() {
    let refused = |_: ReadContentRequest| {
        let refusal = NoBytes(ErrorCode::PermissionDenied, "SCOPE_MISSING");
        stream::iter([Err::<ReadContentResponse, _>(into_status(refusal))]).boxed()
    };
    let services = services().stream("/pupila.images.v1.ImageService/ReadContent", refused);
    let app = TestApp::with_scopes(services, &[Scope::JobsRead]);
    let told = app.get("/v1/jobs/a/archive").await;
    assert_eq!(told.problem(), "403 SCOPE_MISSING : ");
}

#[tokio::test(start_paused = true)]
async fn an_archive_begins_though_its_first_image_is_long_in_coming() {
    let late = |request: ReadContentRequest| {
        let waited = stream::once(sleep(Duration::from_secs(600)));
        waited.flat_map(move |()| content(request.clone())).boxed()
    };
    let services = services().stream("/pupila.images.v1.ImageService/ReadContent", late);
    let app = TestApp::new(services);
    let request = Request::get("/v1/jobs/a/archive").body(Body::empty());
    let response = app.send(request.expect("a request")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let body = response.into_body().collect().await.expect("a whole file");
    let zip = ZipArchive::new(Cursor::new(body.to_bytes())).expect("a ZIP file");
    assert_eq!(zip.len(), 4 + 2, "the images, and what is told of them");
}

#[tokio::test]
async fn the_table_has_a_line_per_item_of_every_page() {
    let app = TestApp::new(services());
    let table = app.get("/v1/jobs/a/report?format=csv").await;
    assert_eq!(table.status, 200);
    let name = table.headers[header::CONTENT_DISPOSITION].to_str();
    assert!(name.expect("text").contains("\"Ward 7.csv\""));
    let files = table
        .text
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1));
    let expected = ["one", "gone", "lost", "two"].map(|id| format!("{id}/x-ray.png"));
    assert_eq!(
        files.collect::<Vec<_>>(),
        expected.each_ref().map(|name| Some(&**name))
    );
    let counts = app.get("/v1/jobs/a/report").await.json();
    assert_eq!(counts["job"]["name"], "Ward 7");
}
