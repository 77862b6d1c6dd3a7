//! What comes of a job: reports, and what is taken home.

use std::io::{Cursor, Read as _};

use pupila_tests::{File, Pupila, Shape, stories, text};
use serde_json::json;
use zip::ZipArchive;

stories!(what_came_out_is_counted_and_taken_home);

async fn what_came_out_is_counted_and_taken_home(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let formula = File {
        name: "=1+1.jpg".to_owned(),
        ..File::x_ray()
    };
    let files = [File::x_ray_of_pneumonia(), formula, File::truncated_jpeg()];
    let model = json!({"model": "pneumonia", "parameters": {"threshold": 0.5}});
    let small = json!({"operation": "resize", "parameters": {"width": 16}});
    let steps = json!([model, small]);
    let form = app.job_form(&steps, &[("name", "Ward 7")], &files);
    let id = text(&app.send(form).await.ok(), "id").to_owned();
    app.ended(&id).await;

    let report = app.get(&format!("/v1/jobs/{id}/report")).await.ok();
    let labels = report["labels"]
        .as_array()
        .expect("labels")
        .iter()
        .map(|tally| {
            let score = tally["mean_score"].as_f64().expect("a score");
            assert!((0.5..=1.0).contains(&score), "{tally}");
            format!(
                "{} {} {} {}",
                tally["step"], tally["model"], tally["label"], tally["count"]
            )
        });
    let mut labels: Vec<_> = labels.collect();
    labels.sort();
    assert_alike!(labels.join("\n"), @r#"
    0 "pneumonia" "NORMAL" 1
    0 "pneumonia" "PNEUMONIA" 1
    "#);
    assert_eq!(
        report["failures"],
        json!([{"code": "IMAGE_UNREADABLE", "count": 1}])
    );
    assert_eq!(report["job"]["counts"]["total"], 3);

    let csv = app.get(&format!("/v1/jobs/{id}/report?format=csv")).await;
    assert!(
        csv.header("content-type").starts_with("text/csv"),
        "{csv:?}"
    );
    assert!(
        csv.header("content-disposition").contains("Ward 7.csv"),
        "{csv:?}"
    );
    let mut table = csv::Reader::from_reader(&*csv.body);
    let header = table.headers().expect("a header").clone();
    assert_alike!(header.iter().collect::<Vec<_>>().join("\n"), @r"
    position
    filename
    image_id
    state
    attempts
    step_0_pneumonia_label
    step_0_pneumonia_score
    derived_image_ids
    failure
    failure_detail
    ");
    let lines: Vec<_> = table.records().map(|line| line.expect("a line")).collect();
    assert_eq!(&lines[1][1], "'=1+1.jpg", "no formula: {lines:?}");
    assert_eq!(&lines[0][5], "PNEUMONIA", "{lines:?}");
    assert_eq!(lines.len(), 3, "{lines:?}");

    let taken = app.get(&format!("/v1/jobs/{id}/archive")).await;
    assert_eq!(taken.header("content-type"), "application/zip");
    let mut taken = ZipArchive::new(Cursor::new(taken.body)).expect("a ZIP");
    let names: Vec<_> = taken
        .file_names()
        .map(|name| name.expect("a name").into_owned())
        .collect();
    assert_alike!(names.join("\n"), @r"
    person113_bacteria_540.jpg
    =1+1.jpg
    results.csv
    report.json
    ");
    let mut results = String::new();
    let mut file = taken.by_name("results.csv").expect("the table");
    file.read_to_string(&mut results).expect("text");
    let told: Vec<_> = csv.text().lines().map(str::to_owned).collect();
    let files = ["files", "person113_bacteria_540.jpg", "'=1+1.jpg", ""];
    let told = told.iter().zip(files);
    let expected: Vec<_> = told.map(|(line, file)| format!("{line},{file}")).collect();
    let results: Vec<_> = results.lines().collect();
    assert_eq!(
        results, expected,
        "the same table, and the names of the files"
    );
}
