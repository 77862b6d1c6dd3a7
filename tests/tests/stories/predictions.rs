//! An image goes in, a recorded prediction comes out.

use std::collections::HashSet;

use pupila_core::Digest;
use pupila_tests::{File, Pupila, Shape, stories};
use serde_json::{Value, json};

stories!(
    an_x_ray_is_predicted_in_the_words_of_the_old_system,
    a_prediction_is_recorded_and_found_again,
    a_list_is_filtered_by_everything_that_is_recorded,
    the_history_is_exported_and_counted,
    pages_visit_every_record_once,
);

async fn an_x_ray_is_predicted_in_the_words_of_the_old_system(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let answer = app.predict(&File::x_ray()).await.ok();
    let keys: Vec<_> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["filename", "prediction", "probability"]);
    assert_eq!(answer["filename"], "IM-0027-0001.jpeg");
    assert_eq!(answer["prediction"], "NORMAL");

    let detailed = app
        .send(app.upload("/predict?detail=true", &File::x_ray(), &[]))
        .await
        .ok();
    assert_eq!(detailed["probability"], answer["probability"]);
    assert_eq!(detailed["detail"]["model"], "pneumonia");

    let strict = app
        .send(app.upload("/predict?threshold=0.001", &File::x_ray(), &[]))
        .await
        .ok();
    assert_eq!(strict["prediction"], "PNEUMONIA");
    assert_eq!(strict["probability"], answer["probability"]);
}

async fn a_prediction_is_recorded_and_found_again(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let fields = [
        ("model", "pneumonia"),
        ("version", "1"),
        ("parameters", r#"{"threshold": 0.25}"#),
    ];
    let answer = app
        .send(app.upload("/v1/predictions", &File::x_ray(), &fields))
        .await;
    assert_eq!(answer.status, 201);
    let record = answer.ok();
    assert_eq!(
        record["image"]["sha256"],
        Digest::of(&File::x_ray().bytes).to_string()
    );
    assert_eq!(record["image"]["format"], "jpeg");
    assert_eq!(record["parameters"], json!({"threshold": 0.25}));
    assert_eq!(record["request_id"], answer.header("x-request-id"));

    assert_eq!(app.get(answer.header("location")).await.ok(), record);
    assert_eq!(app.all_pages("/v1/predictions").await, [record]);
}

async fn a_list_is_filtered_by_everything_that_is_recorded(shape: Shape) {
    let app = Pupila::of(shape)
        .with_models(|models| models.add("second", &[1, 2]))
        .start()
        .await;
    let healthy = app.record(&File::x_ray()).await;
    let ill = app.record(&File::x_ray_of_pneumonia()).await;
    let second = app.send(app.upload(
        "/predict?detail=true&model=second&version=2",
        &File::x_ray(),
        &[],
    ));
    let second = second.await.ok()["detail"].take();

    let digest = Digest::of(&File::x_ray_of_pneumonia().bytes);
    let score = ill["output"]["score"].as_f64().expect("a score");
    let (just_below, just_above) = (score - 1e-9, score + 1e-9);
    let cases: [(String, Vec<&Value>); 9] = [
        ("model=pneumonia".to_owned(), vec![&ill, &healthy]),
        ("model=second&version=2".to_owned(), vec![&second]),
        ("version=1".to_owned(), vec![&ill, &healthy]),
        ("label=PNEUMONIA".to_owned(), vec![&ill]),
        (
            format!("min_score={just_below}&max_score={just_above}"),
            vec![&ill],
        ),
        (format!("image_sha256={digest}"), vec![&ill]),
        ("from=2020-01-01".to_owned(), vec![&second, &ill, &healthy]),
        (
            format!("from={}", ill["create_time"].as_str().expect("a time")),
            vec![&second, &ill],
        ),
        ("until=2020-01-01T00:00:00Z".to_owned(), vec![]),
    ];
    for (filter, expected) in cases {
        let found = app.all_pages(&format!("/v1/predictions?{filter}")).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

async fn the_history_is_exported_and_counted(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let mut formula = File::x_ray();
    formula.name = "=1+1.jpeg".to_owned();
    let healthy = app.record(&formula).await;
    let ill = app.record(&File::x_ray_of_pneumonia()).await;

    let table = app.get("/v1/predictions:export").await;
    assert!(table.header("content-type").starts_with("text/csv"));
    let mut rows = csv::Reader::from_reader(&*table.body);
    let column = rows
        .headers()
        .expect("a header")
        .iter()
        .position(|name| name == "filename");
    let names = rows
        .records()
        .map(|row| row.expect("a row")[column.expect("names")].to_owned());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["person113_bacteria_540.jpeg", "'=1+1.jpeg"]
    );

    let lines = app.get("/v1/predictions:export?format=ndjson").await.text();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines, [ill, healthy]);

    let counts = app.get("/v1/predictions:stats").await.ok();
    assert_eq!(counts["total"], 2);
    assert_eq!(counts["models"][0]["count"], 2);
    assert_eq!(counts["labels"].as_array().map(Vec::len), Some(2));
    assert_eq!(counts["days"][0]["count"], 2);
    assert_eq!(
        app.get("/v1/predictions:stats?label=NORMAL").await.ok()["total"],
        1
    );
}

async fn pages_visit_every_record_once(shape: Shape) {
    const RECORDS: usize = 120;
    let app = Pupila::of(shape).start().await;
    let x_ray = File::x_ray();
    let mut made = HashSet::new();
    for _ in 0..RECORDS {
        made.insert(id(&app.record(&x_ray).await));
    }
    for size in [50, 40, 7, 200] {
        let listed = app
            .all_pages(&format!("/v1/predictions?page_size={size}"))
            .await;
        assert_eq!(listed.len(), RECORDS, "pages of {size}");
        assert_eq!(
            listed.iter().map(id).collect::<HashSet<_>>(),
            made,
            "pages of {size}"
        );
    }
}

fn id(record: &Value) -> String {
    record["id"].as_str().expect("an id").to_owned()
}
