//! What operators and orchestrators see.

use pupila_tests::{File, Part, Pupila, Reply, Shape, stories};
use reqwest::Method;

stories!(
    every_process_tells_that_it_lives_and_is_ready,
    every_stage_of_a_prediction_is_measured,
    connections_that_say_nothing_do_not_keep_it_from_stopping,
);

async fn every_process_tells_that_it_lives_and_is_ready(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    for part in Part::ALL {
        for path in ["/livez", "/readyz"] {
            let answer: Reply = app.admin(part).get(path).await;
            assert_eq!((answer.status, &*answer.text()), (200, "ok\n"), "{part:?}");
        }
    }
}

async fn every_stage_of_a_prediction_is_measured(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    app.predict(&File::x_ray()).await.ok();
    let mut metrics = String::new();
    for part in Part::ALL {
        metrics += &app.admin(part).get("/metrics").await.text();
    }
    for stage in ["queue", "decode", "preprocess", "infer", "record"] {
        let count = format!("pupila_stage_seconds_count{{stage=\"{stage}\"}} 1");
        assert!(metrics.contains(&count), "{count} is not in:\n{metrics}");
    }
    assert!(metrics.contains("route=\"/predict\""), "{metrics}");
}

async fn connections_that_say_nothing_do_not_keep_it_from_stopping(shape: Shape) {
    let places = 2;
    let setup = Pupila::of(shape).with("gateway.limits.max_connections", places);
    let mut app = setup.start().await;
    // One more than there are places: it waits to be accepted.
    let mut silent = Vec::new();
    for _ in 0..=places {
        silent.push(app.wire().await);
    }
    assert!(app.program(Part::Gateway).terminate().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_information_still_names_the_request() {
    let setup = Pupila::of(Shape::Services).with("telemetry.log_level", "error");
    let mut app = setup.start().await;
    app.program(Part::History).kill().await;
    let list = app.request(Method::GET, "/v1/predictions");
    let list = list.header("x-request-id", "find-me");
    assert_eq!(app.send(list).await.status, 503);
    let log = app.program(Part::Gateway).log();
    assert!(log.contains("find-me") && !log.contains("INFO"), "{log}");
}
