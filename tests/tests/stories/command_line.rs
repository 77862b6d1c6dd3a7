//! `pupila` in a terminal.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use pupila_tests::{File, ModelFolder, program};
use serde_json::Value;
use tempfile::TempDir;

/// Runs `pupila` in `folder`, with its data there.
fn pupila(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(program("pupila"))
        .args(arguments)
        .args(["--data", "data"])
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("it ran")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A folder with two images and a text that claims to be one.
fn folder_of_images() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("a.jpg", File::x_ray_of_pneumonia().bytes),
        ("b.png", File::sample("grey-8-bit.png").bytes),
        ("broken.txt", b"This is a letter.".to_vec()),
    ];
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    folder
}

#[test]
fn every_file_gets_a_line_and_a_broken_one_an_exit_code() {
    let folder = folder_of_images();
    let output = pupila(
        &folder,
        &["predict", "a.jpg", "b.png", "broken.txt", "--json"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("1 of 3 files"),
        "{}",
        stderr(&output)
    );
    let lines = stdout(&output);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let files: Vec<_> = lines.iter().map(|line| &line["file"]).collect();
    assert_eq!(files, ["a.jpg", "b.png", "broken.txt"]);
    assert_eq!(lines[0]["prediction"]["output"]["label"], "PNEUMONIA");
    assert!(lines[1]["prediction"]["id"].is_string());
    assert!(
        lines[2]["error"]
            .as_str()
            .is_some_and(|error| !error.is_empty()),
        "{}",
        lines[2]
    );
}

#[test]
fn what_is_no_file_is_told_and_what_is_there_twice_is_refused() {
    let folder = folder_of_images();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("pipe.png"))
        .status();
    assert!(made.expect("it ran").success());
    let output = pupila(&folder, &["predict", "pipe.png", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("is no file"),
        "{}",
        stdout(&output)
    );

    let twice = ["--param", "threshold=0.1", "--param", "threshold=0.9"];
    let output = pupila(&folder, &[&["predict", "a.jpg"][..], &twice].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("twice"), "{}", stderr(&output));
}

#[test]
fn a_person_gets_a_table() {
    let folder = folder_of_images();
    let output = pupila(&folder, &["predict", "a.jpg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let table = stdout(&output);
    assert!(
        ["a.jpg", "PNEUMONIA", "│"]
            .iter()
            .all(|word| table.contains(word)),
        "{table}"
    );
}

#[tokio::test]
async fn what_the_command_line_predicts_is_in_the_history() {
    let folder = folder_of_images();
    pupila(&folder, &["predict", "a.jpg", "b.png", "broken.txt"]);
    let app = pupila_tests::Pupila::with_data(folder).start().await;
    let records = app.all_pages("/v1/predictions").await;
    let mut names: Vec<_> = records.iter().map(|record| &record["filename"]).collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, ["a.jpg", "b.png"]);
}

#[test]
fn models_are_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = pupila(&folder, &["models", "list"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let table = stdout(&output);
    assert!(
        ["pneumonia", "ready"]
            .iter()
            .all(|word| table.contains(word)),
        "{table}"
    );
    assert!(
        !folder.path().join("data").exists(),
        "looking makes no folder"
    );
}

#[test]
fn a_sound_model_passes_the_check_and_a_broken_card_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let check = |path: &Path| pupila(&folder, &["models", "check", &path.display().to_string()]);
    let output = check(&ModelFolder::bundled());
    assert!(
        output.status.success(),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );

    let models = ModelFolder::at(folder.path().join("models"));
    models.add("second", &[1]);
    fs::write(
        models.card("second"),
        "name = 'second'\ntask = 'divination'\n",
    )
    .expect("written");
    for path in [models.path(), &models.path().join("second")] {
        let output = check(path);
        assert!(!output.status.success(), "{}", stdout(&output));
        let told = stdout(&output) + &stderr(&output);
        assert!(told.contains("divination"), "no reason is told: {told}");
    }
}
