//! A service is down: what it owns is refused with an invitation to come again, and the rest goes on.

use pupila_tests::{File, Part, Pupila, Reply, Shape, eventually};

fn assert_refused_for_now(answer: &Reply) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(answer.header("retry-after"), "5");
    let problem = answer.problem();
    assert!(
        !problem.contains("127.0.0.1"),
        "addresses are nobody's business: {problem}"
    );
}

/// Waits until predictions are answered again.
async fn until_it_predicts(app: &Pupila) {
    eventually("predictions are back", async || {
        (app.predict(&File::x_ray()).await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_history_nothing_is_shown() {
    let mut app = Pupila::of(Shape::Services).start().await;
    app.program(Part::History).kill().await;
    let answer = app.predict(&File::x_ray()).await;
    assert_refused_for_now(&answer);
    assert!(
        !answer.text().contains("NORMAL"),
        "what is not recorded is not shown"
    );
    assert_refused_for_now(&app.get("/v1/predictions").await);
    assert_eq!(
        app.get("/v1/models").await.ok()["items"][0]["name"],
        "pneumonia"
    );

    app.program(Part::History).start().await;
    until_it_predicts(&app).await;
}

#[tokio::test]
async fn without_inference_the_history_is_still_there() {
    let mut app = Pupila::of(Shape::Services).start().await;
    let record = app.record(&File::x_ray()).await;
    app.program(Part::Inference).kill().await;
    assert_refused_for_now(&app.predict(&File::x_ray()).await);
    assert_eq!(app.get("/health").await.status, 503);
    assert_eq!(app.all_pages("/v1/predictions").await, [record]);

    app.program(Part::Inference).start().await;
    until_it_predicts(&app).await;
}

#[tokio::test]
async fn a_best_effort_ledger_answers_unrecorded() {
    let mut app = Pupila::of(Shape::Services)
        .with("gateway.ledger", "best-effort")
        .start()
        .await;
    assert!(app.record(&File::x_ray()).await["id"].is_string());
    app.program(Part::History).kill().await;
    let record = app.record(&File::x_ray()).await;
    assert!(record["id"].is_null(), "{record}");
    assert_eq!(record["output"]["label"], "NORMAL");
}
