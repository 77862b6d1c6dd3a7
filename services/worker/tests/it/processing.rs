//! The steps over an image.

use pupila_core::{ErrorCode, UserId};
use pupila_proto::history::v1::{RecordedPrediction, Step, step_result};

use crate::{
    harness::TestWorker,
    history::{failure, is_done, is_given_back},
    service::Refusal,
    steps::{made, model, operation, picture, process, results, submit},
};

fn predicted(kind: &step_result::Kind) -> &RecordedPrediction {
    match kind {
        step_result::Kind::Prediction(prediction) => prediction,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_model_sees_what_the_steps_before_it_made() {
    let worker = TestWorker::real().await;
    let original = worker.images.add("x-ray.png", picture());
    let steps = [
        model("first"),
        operation("grayscale", &[]),
        operation("convert", &[("format", "jpeg")]),
        model("second"),
    ];
    let (task, finished) = process(&worker, &original, &steps).await;

    let results = results(&finished);
    let places: Vec<_> = results.iter().map(|(step, _)| *step).collect();
    assert_eq!(places, [0, 2, 3], "operations in a row are one result");
    let image = made(&results[1].1);
    assert_eq!(image.name, "x-ray.jpg");
    assert_eq!(
        worker.images.made(&format!("task:{task}:2")).as_ref(),
        Some(&image.image_id)
    );
    let second = predicted(&results[2].1);
    assert_eq!((&*second.model, second.version), ("second", 3));
    assert_eq!((&*second.label, second.score), ("PNEUMONIA", 0.9));

    let state = worker.predictions.state();
    assert_eq!(state.asked[0].image, picture());
    assert_eq!(state.asked[1].image, worker.images.image(&image.image_id).1);
    let first = &state.records[&format!("task:{task}:0")];
    assert_eq!(
        (&*first.image_id, &*first.filename),
        (&*original, "x-ray.png")
    );
    assert_eq!(first.request_id, format!("task:{task}"));
    assert_eq!(first.caller, UserId::LOCAL.to_string());
    let second = &state.records[&format!("task:{task}:3")];
    assert_eq!(
        (&*second.image_id, &*second.filename),
        (&*image.image_id, "x-ray.jpg")
    );
}

#[tokio::test]
async fn an_attempt_finds_what_the_one_before_it_made() {
    let worker = TestWorker::real().await;
    let original = worker.images.add("x-ray.png", picture());
    let steps = [model("m"), operation("sepia", &[]), model("m")];
    let (task, before) = process(&worker, &original, &steps).await;
    worker.history.again(&task);
    worker.offer(&[task.parse().expect("an id")]).await;
    let after = worker.history.finished(2).await.remove(1);
    assert_eq!(results(&before), results(&after));
    assert_eq!(worker.images.state().stores, 2);
    assert_eq!(
        worker.predictions.state().asked.len(),
        2,
        "no model ran twice"
    );
    assert_eq!(worker.predictions.state().records.len(), 2);
}

#[tokio::test]
async fn a_stamp_is_read_beside_the_image() {
    let worker = TestWorker::real().await;
    let original = worker.images.add("photo.png", picture());
    let stamp = worker.images.add("stamp.png", picture());
    let steps = [operation("watermark_image", &[("image", &stamp)])];
    let (_, finished) = process(&worker, &original, &steps).await;
    assert_eq!(made(&results(&finished)[0].1).name, "photo.png");
    let nowhere = "018f3f5e-7c1b-7000-8000-000000000001";
    let steps = [operation("watermark_image", &[("image", nowhere)])];
    let (_, finished) = process(&worker, &original, &steps).await;
    assert_eq!(failure(&finished), ("IMAGE_NOT_FOUND".to_owned(), false));
}

#[tokio::test]
async fn stamps_that_are_too_large_together_are_not_read() {
    let worker = TestWorker::real().await;
    let original = worker.images.add("photo.png", picture());
    let half = || worker.images.add("stamp.png", vec![0; 11 << 20]);
    let stamp = |id: String| operation("watermark_image", &[("image", &id)]);
    let steps = [stamp(half()), stamp(half())];
    let (_, finished) = process(&worker, &original, &steps).await;
    assert_eq!(failure(&finished), ("TOO_LARGE".to_owned(), false));
    assert_eq!(worker.images.state().reads, 0);
}

/// A worker that is at an image, and has no room for another until that one comes: the other one.
async fn crowded() -> (TestWorker, String) {
    let worker = TestWorker::real_with(|config| {
        config.limits.max_image_bytes = 1 << 20;
        config.limits.max_buffered_bytes = 3 << 20;
    })
    .await;
    let [first, second] = [(); 2].map(|()| worker.images.add("x-ray.png", picture()));
    worker.images.announced.shut();
    // Made twice, it takes two thirds of all the room.
    let steps = [operation("sepia", &[]), model("m"), operation("sepia", &[])];
    for (image, reads) in [(first, 1), (second.clone(), 2)] {
        submit(&worker, &image, &steps).await;
        let images = &worker.images;
        // The second is opened, and closed again.
        images
            .until(|state| (state.reads, state.open) == (reads, 1))
            .await;
    }
    (worker, second)
}

#[tokio::test]
async fn an_image_that_waits_for_room_is_not_left_half_read() {
    let (worker, _) = crowded().await;
    worker.images.announced.open();
    let finished = worker.history.finished(2).await;
    assert!(finished.iter().all(is_done));
    assert_eq!(worker.images.state().reads, 3, "the second one anew");
}

#[tokio::test]
async fn an_image_that_grew_beyond_its_room_is_not_read() {
    let (worker, second) = crowded().await;
    worker.images.replace(&second, vec![0; 10_000]);
    worker.images.announced.open();
    let finished = worker.history.finished(2).await;
    let failed = finished.iter().find(|task| !is_done(task));
    let failed = failure(failed.expect("one of them"));
    assert_eq!(failed, ("IMAGE_INCOMPLETE".to_owned(), true));
}

#[tokio::test]
async fn what_is_no_image_is_told_and_not_tried_again() {
    let worker = TestWorker::real().await;
    let steps = [operation("edges", &[])];
    let truncated = picture()[..60].to_vec();
    for bytes in [
        b"not an image, but long enough to look at".to_vec(),
        truncated,
    ] {
        let image = worker.images.add("x-ray.png", bytes);
        let (_, finished) = process(&worker, &image, &steps).await;
        assert_eq!(failure(&finished), ("IMAGE_UNREADABLE".to_owned(), false));
    }
    let (_, finished) = process(&worker, "018f3f5e-7c1b-7000-8000-000000000001", &steps).await;
    assert_eq!(failure(&finished), ("IMAGE_NOT_FOUND".to_owned(), false));
}

#[tokio::test]
async fn an_image_that_is_too_large_is_not_read() {
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    worker.images.state().announced = Some(u64::MAX);
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert_eq!(failure(&finished), ("TOO_LARGE".to_owned(), false));
}

#[tokio::test]
async fn bytes_that_do_not_come_as_announced_are_asked_for_again() {
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    for announced in [1, 1_000_000] {
        worker.images.state().announced = Some(announced);
        let (_, finished) = process(&worker, &image, &[model("m")]).await;
        assert_eq!(failure(&finished), ("IMAGE_INCOMPLETE".to_owned(), true));
    }
}

#[tokio::test]
async fn nothing_is_done_for_who_is_blocked_or_gone() {
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    let refusals = [
        Refusal(ErrorCode::PermissionDenied, "ACCOUNT_BLOCKED"),
        Refusal(ErrorCode::NotFound, "USER_NOT_FOUND"),
    ];
    for refusal in refusals {
        worker.accounts.refuse(&UserId::LOCAL.to_string(), refusal);
        let (_, finished) = process(&worker, &image, &[model("m")]).await;
        assert_eq!(failure(&finished), (refusal.1.to_owned(), false));
    }
    assert_eq!(worker.images.state().reads, 0);
}

#[tokio::test]
async fn a_token_serves_many_tasks() {
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    for _ in 0..5 {
        process(&worker, &image, &[model("m")]).await;
    }
    assert_eq!(worker.accounts.asked(), [UserId::LOCAL.to_string()]);
}

#[tokio::test]
async fn a_service_that_is_away_costs_no_attempt() {
    let away = Refusal(ErrorCode::Unavailable, "UNAVAILABLE");
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    worker.predictions.state().refusal = Some(away);
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert!(is_given_back(&finished));
    // What does not need it goes on.
    let (_, finished) = process(&worker, &image, &[operation("edges", &[])]).await;
    assert_eq!(results(&finished).len(), 1);
    worker.images.state().refusal = Some(away);
    let (_, finished) = process(&worker, &image, &[operation("edges", &[])]).await;
    assert!(is_given_back(&finished));
}

#[tokio::test]
async fn a_model_that_is_not_ready_holds_up_no_other() {
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    let not_ready = Refusal(ErrorCode::Unavailable, "MODEL_NOT_READY");
    worker.predictions.state().refusal = Some(not_ready);
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert_eq!(failure(&finished), ("MODEL_NOT_READY".to_owned(), true));
    worker.predictions.state().refusal = None;
    let (_, finished) = process(&worker, &image, &[model("other")]).await;
    assert_eq!(results(&finished).len(), 1);
}

#[tokio::test]
async fn steps_that_nobody_knows_are_told() {
    let worker = TestWorker::real().await;
    let image = worker.images.add("x-ray.png", picture());
    let (_, finished) = process(&worker, &image, &[operation("melt", &[])]).await;
    assert_eq!(failure(&finished), ("UNKNOWN_OPERATION".to_owned(), false));
    let (_, finished) = process(&worker, &image, &[Step { kind: None }]).await;
    assert_eq!(failure(&finished), ("TASK_INVALID".to_owned(), true));
    assert_eq!(worker.images.state().reads, 0);
}
