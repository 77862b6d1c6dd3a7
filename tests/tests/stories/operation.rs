//! What operators and orchestrators see.

use pupila_tests::{File, Part, Pupila, Reply, Shape, stories};

stories!(
    every_process_tells_that_it_lives_and_is_ready,
    every_stage_of_a_prediction_is_measured,
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
