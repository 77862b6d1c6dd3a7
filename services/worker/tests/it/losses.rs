//! Services that are lost over a task: it may be what brings them down, so it is not tried for ever.

use pupila_core::ErrorCode;

use crate::{
    harness::TestWorker,
    history::{failure, is_done, is_given_back},
    service::Refusal,
    steps::{made, model, operation, picture, process, results, submit},
};

#[tokio::test]
async fn an_image_that_brings_inference_down_costs_an_attempt() {
    let (worker, remotes) = TestWorker::networked().await;
    let image = worker.images.add("x-ray.png", picture());
    worker.predictions.begun.shut();
    submit(&worker, &image, &[model("m")]).await;
    worker.predictions.begun.reached().await;
    remotes.inference.kill().await;
    let finished = worker.history.finished(1).await;
    assert_eq!(failure(&finished[0]), ("SERVICE_LOST".to_owned(), true));

    // For the others it is away, as if it had never been there.
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert!(is_given_back(&finished));
    let (_, finished) = process(&worker, &image, &[operation("edges", &[])]).await;
    assert!(is_done(&finished));
}

#[tokio::test]
async fn an_image_that_breaks_off_with_its_service_costs_an_attempt() {
    let (worker, remotes) = TestWorker::networked().await;
    let image = worker.images.add("x-ray.png", picture());
    worker.images.announced.shut();
    submit(&worker, &image, &[operation("edges", &[])]).await;
    worker.images.announced.reached().await;
    remotes.images.kill().await;
    let finished = worker.history.finished(1).await;
    assert_eq!(failure(&finished[0]), ("SERVICE_LOST".to_owned(), true));
}

#[tokio::test]
async fn what_was_stored_before_its_service_was_lost_is_found_again() {
    let (worker, remotes) = TestWorker::networked().await;
    let image = worker.images.add("x-ray.png", picture());
    worker.images.stored.shut();
    let task = submit(&worker, &image, &[operation("edges", &[])]).await;
    worker.images.stored.reached().await;
    let stored = worker.images.made(&format!("task:{task}:0"));
    let _images = remotes
        .images
        .crash(worker.images.services(), worker.guard())
        .await;
    let finished = worker.history.finished(1).await;
    assert_eq!(failure(&finished[0]), ("SERVICE_LOST".to_owned(), true));

    worker.images.stored.open();
    let mut attempts = 1;
    let finished = loop {
        worker.history.again(&task.to_string());
        worker.offer(&[task]).await;
        attempts += 1;
        let finished = worker.history.finished(attempts).await.remove(attempts - 1);
        // Until it is time to ask images again.
        if !is_given_back(&finished) {
            break finished;
        }
    };
    let results = results(&finished);
    assert_eq!(Some(&made(&results[0].1).image_id), stored.as_ref());
}

#[tokio::test]
async fn a_service_that_is_not_there_costs_no_attempt() {
    let (worker, remotes) = TestWorker::networked().await;
    let image = worker.images.add("x-ray.png", picture());
    remotes.inference.kill().await;
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert!(is_given_back(&finished));

    let (worker, remotes) = TestWorker::networked().await;
    remotes.images.kill().await;
    let (_, finished) = process(&worker, &image, &[operation("edges", &[])]).await;
    assert!(is_given_back(&finished));
}

#[tokio::test]
async fn a_service_that_says_to_be_unavailable_costs_no_attempt() {
    let (worker, _remotes) = TestWorker::networked().await;
    let image = worker.images.add("x-ray.png", picture());
    let away = Refusal(ErrorCode::Unavailable, "MODELS_UNAVAILABLE");
    worker.predictions.state().refusal = Some(away);
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert!(is_given_back(&finished));
}

#[tokio::test]
async fn a_service_that_stops_in_good_order_costs_no_attempt() {
    let (worker, remotes) = TestWorker::networked().await;
    let image = worker.images.add("x-ray.png", picture());
    worker.predictions.begun.shut();
    submit(&worker, &image, &[model("m")]).await;
    worker.predictions.begun.reached().await;
    remotes.inference.tell_to_stop();
    worker.predictions.begun.open();
    assert!(is_done(&worker.history.finished(1).await[0]));
    remotes.inference.stopped().await;
    let (_, finished) = process(&worker, &image, &[model("m")]).await;
    assert!(is_given_back(&finished));
}
