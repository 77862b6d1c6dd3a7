//! `pupila jobs` in a terminal.

use std::fs;

use pupila_tests::{File, Part, Pupila, Setup, Shape, User, eventually, free_port, text};

use crate::terminal::Terminal;

fn standalone() -> Setup {
    Pupila::of(Shape::Standalone)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_submitted_and_watched_to_their_end() {
    let app = standalone().start().await;
    let terminal = Terminal::at(app.port());
    let steps = [
        "--step",
        "resize width=100",
        "--step",
        "model pneumonia threshold=0.5",
    ];
    let told = terminal.jobs(
        &[
            &["submit", "a.jpg", "b.png", "--name", "Ward 7"][..],
            &steps,
        ]
        .concat(),
    );
    assert_eq!(told.code, Some(0), "{}", told.errors);
    told.assert_says(&["a.jpg", "b.png", "PNEUMONIA", "100x", "ready", "│"]);
    let job = app.all_pages("/v1/jobs").await.remove(0);
    assert_eq!(job["name"], "Ward 7");
    assert_eq!(job["steps"][1]["parameters"]["threshold"], 0.5);

    let told = terminal.jobs(&[&["submit", "a.jpg", "broken.png", "--json"][..], &steps].concat());
    told.assert_complains(&["1 of 2 images"]);
    let job = told.json();
    assert_eq!(
        (&job["state"], &job["items"][1]["state"]),
        (&"SUCCEEDED".into(), &"FAILED".into())
    );
    let watched = terminal.jobs(&["watch", text(&job, "id")]);
    watched.assert_complains(&["1 of 2 images"]);
    watched.assert_says(&["broken.png", "IMAGE_UNREADABLE"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_listed_and_called_off() {
    let app = standalone().start().await;
    let terminal = Terminal::at(app.port());
    let submit = ["submit", "b.png", "--step", "sepia", "--detach"];
    let id = terminal.jobs(&submit).out.trim().to_owned();
    assert_eq!(app.ended(&id).await["state"], "SUCCEEDED");
    let many: Vec<_> = (0..200).map(File::numbered).collect();
    let steps = serde_json::json!([{"model": "pneumonia"}]);
    let long = app.submit(&steps, &many).await;
    let told = terminal.jobs(&["cancel", &long]);
    assert_eq!(told.code, Some(0), "{}", told.errors);
    told.assert_says(&[&long, "cancelled", "of 200 images"]);
    terminal
        .jobs(&["cancel", &id])
        .assert_complains(&["JOB_ENDED"]);

    let table = terminal.jobs(&["list"]);
    table.assert_says(&[&id, &long, "ready", "cancelled", "1/1", "│"]);
    let lines = terminal.jobs(&["list", "--json", "--state", "cancelled"]);
    assert_eq!(lines.json()["id"], *long);
    let newest = terminal.jobs(&["list", "--json", "--limit", "1"]);
    assert_eq!(newest.json()["id"], *long);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_told() {
    let app = standalone().start().await;
    let terminal = Terminal::at(app.port());
    let refused = |arguments: &[&str], words: &[&str]| {
        terminal.jobs(arguments).assert_complains(words);
    };
    refused(&["submit", "none.png", "--step", "sepia"], &["none.png"]);
    refused(
        &["submit", "a.jpg", "--step", "melt"],
        &["steps/0/operation"],
    );
    refused(
        &["submit", "a.jpg", "--step", "blur sigma=far"],
        &["steps/0/parameters/sigma"],
    );
    let nobody = "01890000-0000-7000-8000-000000000000";
    refused(&["watch", nobody], &["JOB_NOT_FOUND"]);
    for arguments in [
        &["submit", "a.jpg"][..],
        &["submit", "a.jpg", "--step", "resize width=1 width=2"],
        &["list", "--limit", "0"],
        &["watch", "a/b"],
        &["cancel", "nonsense"],
    ] {
        assert_eq!(terminal.jobs(arguments).code, Some(2), "{arguments:?}");
    }

    let nowhere = Terminal::at(free_port());
    for arguments in [
        &["list"][..],
        &["watch", nobody],
        &["submit", "a.jpg", "--step", "sepia"],
    ] {
        nowhere
            .jobs(arguments)
            .assert_complains(&["the server cannot be reached"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_says_who_one_is() {
    let app = standalone().with_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let mut terminal = Terminal::at(app.port());
    terminal
        .jobs(&["list"])
        .assert_complains(&["UNAUTHENTICATED"]);
    let key = serde_json::json!({"name": "k", "scopes": ["jobs:read"]});
    let key = ana.post_json("/v1/me/api-keys", &key).await.ok();
    terminal.key = Some(text(&key, "secret").to_owned());
    assert_eq!(terminal.jobs(&["list"]).code, Some(0));
    terminal
        .jobs(&["submit", "a.jpg", "--step", "sepia"])
        .assert_complains(&["SCOPE_MISSING"]);

    let file = terminal.folder.path().join("key");
    fs::write(&file, format!("{}\n", text(&key, "secret"))).expect("written");
    terminal.key = None;
    assert_eq!(
        terminal.jobs(&["list", "--api-key-file", "key"]).code,
        Some(0)
    );
    terminal
        .jobs(&["list", "--api-key-file", "none"])
        .assert_complains(&["none"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_watched_over_a_restart_of_the_server() {
    let setup = standalone().with("history.jobs.lease_seconds", 3);
    let mut app = setup.with("history.jobs.sweep_seconds", 1).start().await;
    let many: Vec<_> = (0..100).map(File::numbered).collect();
    let steps = serde_json::json!([{"model": "pneumonia"}]);
    let id = app.submit(&steps, &many).await;
    let terminal = Terminal::at(app.port());
    let watching = {
        let id = id.clone();
        tokio::task::spawn_blocking(move || terminal.jobs(&["watch", &id, "--json"]))
    };
    eventually("it listens", async || {
        let metrics = app.admin(Part::Gateway).get("/metrics").await.text();
        metrics.contains("pupila_event_streams 1").then_some(())
    })
    .await;
    let server = app.program(Part::Gateway);
    server.kill().await;
    server.start().await;
    let told = watching.await.expect("no panic");
    assert_eq!(told.code, Some(0), "{}", told.errors);
    assert_eq!(told.json()["counts"]["succeeded"], 100);
}
