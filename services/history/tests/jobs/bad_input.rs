//! What cannot be is refused by field, whatever comes.

use pupila_core::ErrorCode;
use pupila_proto::history::v1::{self as proto, finished_task::Outcome, step};

use crate::fixtures::{TestJobs, done, failure, items, job_of, leased, prediction};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_cannot_be_is_refused_by_field() {
    let test = TestJobs::sqlite().await;
    let step = |kind| proto::Step { kind: Some(kind) };
    let unnamed = step::Kind::Operation(proto::OperationStep::default());
    let unversioned = step::Kind::Model(proto::ModelStep {
        model: "pneumonia".to_owned(),
        ..Default::default()
    });
    let talkative = step::Kind::Operation(proto::OperationStep {
        name: "watermark".to_owned(),
        parameters: [("text".to_owned(), "x".repeat(1_001))].into(),
    });
    let request = |change: &dyn Fn(&mut proto::CreateJobRequest)| {
        let mut request = job_of(1);
        change(&mut request);
        request
    };
    let cases = [
        ("name", request(&|job| job.name = "x".repeat(201))),
        ("name", request(&|job| job.name = "a\u{7}b".to_owned())),
        ("steps", request(&|job| job.steps = vec![])),
        (
            "steps",
            request(&|job| job.steps = vec![job.steps[0].clone(); 17]),
        ),
        (
            "steps/0",
            request(&|job| job.steps = vec![proto::Step::default()]),
        ),
        (
            "steps/0/operation/name",
            request(&|job| job.steps = vec![step(unnamed.clone())]),
        ),
        (
            "steps/0/model/version",
            request(&|job| job.steps = vec![step(unversioned.clone())]),
        ),
        (
            "steps/0/parameters",
            request(&|job| job.steps = vec![step(talkative.clone())]),
        ),
        ("items", request(&|job| job.items = vec![])),
        ("items", request(&|job| job.items = items(10_001))),
        (
            "items",
            request(&|job| job.archive_id = job.items[0].image_id.clone()),
        ),
        (
            "archive_id",
            request(&|job| {
                job.items = vec![];
                job.archive_id = "x".to_owned();
            }),
        ),
        (
            "items/0/filename",
            request(&|job| job.items[0].filename = String::new()),
        ),
        (
            "items/0/filename",
            request(&|job| job.items[0].filename = "ñ".repeat(256)),
        ),
        (
            "items/0/image_id",
            request(&|job| job.items[0].image_id = "x".to_owned()),
        ),
        (
            "items/0/failure",
            request(&|job| job.items[0].image_id = String::new()),
        ),
        (
            "items/0",
            request(&|job| job.items[0].failure = Some(failure("X"))),
        ),
        (
            "items/0/failure",
            request(&|job| {
                job.items[0].image_id = String::new();
                job.items[0].failure = Some(proto::Failure {
                    code: "TEAPOT".to_owned(),
                    ..failure("X")
                });
            }),
        ),
        ("priority", request(&|job| job.priority = 7)),
        (
            "idempotency_key",
            request(&|job| job.idempotency_key = "a b".to_owned()),
        ),
    ];
    for (field, request) in cases {
        let error = test.create(request).await.expect_err(field);
        assert_eq!(error.code, ErrorCode::InvalidArgument, "{error:?}");
        assert_eq!(error.violations[0].field, field, "{error:?}");
    }
    let page = test.list(proto::ListJobsRequest::default()).await;
    assert_eq!(page.expect("a page").jobs, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_failure_are_cut_to_what_is_kept() {
    let test = TestJobs::sqlite().await;
    let mut request = job_of(1);
    request.items[0].image_id = String::new();
    request.items[0].failure = Some(proto::Failure {
        detail: "ñ".repeat(100_000),
        ..failure("IMAGE_UNREADABLE")
    });
    let job = test.create(request).await.expect("created");
    let item = test.items(&job.id).await.remove(0);
    assert_eq!(item.failure.expect("why").detail, "ñ".repeat(2_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_talks_nonsense_is_refused() {
    let test = TestJobs::sqlite().await;
    test.create(job_of(2)).await.expect("created");
    let taken = test.take_next("w-1", 2).await;
    for (worker, ids) in [("", 1), (&*"w".repeat(101), 1), ("w-1", 1_001)] {
        let request = proto::TakeTasksRequest {
            worker: worker.to_owned(),
            task_ids: vec![taken[0].id.clone(); ids],
        };
        let error = test.try_take(request).await.expect_err("nonsense");
        assert_eq!(error.reason, "INVALID_ARGUMENT");
    }
    let with = |results: Vec<proto::StepResult>, routes: Vec<String>| proto::FinishedTask {
        task: Some(leased(&taken[1])),
        outcome: Some(Outcome::Done(proto::Done { results, routes })),
    };
    let twice = with(vec![prediction("A"), prediction("B")], vec![]);
    let nameless = with(vec![prediction("")], vec![]);
    let empty = with(vec![proto::StepResult::default()], vec![]);
    let far = with(vec![], vec!["x".repeat(501)]);
    let mute = proto::FinishedTask {
        task: Some(leased(&taken[1])),
        outcome: None,
    };
    for nonsense in [twice, nameless, empty, far, mute] {
        let tasks = vec![done(&taken[0]), nonsense];
        let error = test.try_finish(proto::FinishTasksRequest { tasks }).await;
        let error = error.expect_err("nonsense");
        assert!(
            error.violations[0].field.starts_with("tasks/1"),
            "{error:?}"
        );
    }
    // Nothing of it was written.
    assert_eq!(test.finish(taken.iter().map(done).collect()).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_that_never_were_are_left_out() {
    let test = TestJobs::sqlite().await;
    let nobody = uuid::Uuid::from_u128(7).to_string();
    let id = nobody.parse().expect("an id");
    assert_eq!(test.take("w-1", &[id]).await, []);
    assert_eq!(test.take("w-1", &[]).await, []);
    let never = proto::LeasedTask {
        task_id: nobody.clone(),
        lease: nobody.clone(),
    };
    assert_eq!(test.renew("w-1", &[never]).await, [nobody]);
}
