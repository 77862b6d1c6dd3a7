//! What was stored stays stored, however the process ends.

use std::{collections::HashMap, sync::Arc};

use pupila_tests::{Api, File, Part, Pupila, Shape, text};
use serde_json::json;
use tokio::{sync::Mutex, task::JoinSet};

/// How many are stored, by how many clients, and how often the process is killed meanwhile.
const IMAGES: usize = 1000;
const CLIENTS: usize = 8;
const KILLS: usize = 3;

/// What the clients have still to send, and what they were told is stored: number by image id.
#[derive(Default)]
struct Progress {
    next: usize,
    stored: HashMap<String, usize>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_uploads_survive_three_crashes() {
    let mut app = Pupila::of(Shape::Standalone)
        .with("images.sweep.grace_seconds", 0)
        .start()
        .await;
    let progress = Arc::new(Mutex::new(Progress::default()));
    for kill in 1..=KILLS + 1 {
        let goal = IMAGES * kill / (KILLS + 1);
        let mut clients: JoinSet<()> = (0..CLIENTS)
            .map(|_| upload(Api::clone(&app), Arc::clone(&progress), goal))
            .collect();
        if kill <= KILLS {
            // Once the first client has nothing left to do the others are in the middle of an upload.
            clients
                .join_next()
                .await
                .expect("a client")
                .expect("no panic");
            app.program(Part::Images).kill().await;
            clients.join_all().await;
            app.program(Part::Images).start().await;
        } else {
            clients.join_all().await;
        }
    }
    let stored = Arc::into_inner(progress)
        .expect("nobody else")
        .into_inner()
        .stored;
    assert!(stored.len() >= IMAGES - KILLS * CLIENTS, "{}", stored.len());
    for (id, number) in &stored {
        let content = app.get(&format!("/v1/images/{id}/content")).await;
        assert!(
            content.body == File::numbered(*number).bytes,
            "{number} as {id}: {}",
            content.status
        );
    }
    app.post("/v1/admin/storage:sweep").await.ok();
    let sweep = app.post("/v1/admin/storage:sweep").await.ok();
    assert_eq!(sweep["missing_sha256"], json!([]));
    assert_eq!(
        sweep["objects_removed"], 0,
        "the first one removed all orphans"
    );
    let images = app.all_pages("/v1/images?page_size=200").await;
    assert_eq!(
        sweep["objects_seen"],
        images.len(),
        "one object for each image, and no orphan"
    );
    for id in stored.keys() {
        assert!(
            images.iter().any(|image| text(image, "id") == id),
            "{id} is not listed"
        );
    }
}

/// Uploads until so many are sent or the server is gone.
async fn upload(api: Api, progress: Arc<Mutex<Progress>>, goal: usize) {
    loop {
        let number = {
            let mut progress = progress.lock().await;
            if progress.next >= goal {
                return;
            }
            progress.next += 1;
            progress.next
        };
        let request = api.upload("/v1/images", &File::numbered(number), &[]);
        let Ok(answer) = api.try_send(request).await else {
            return;
        };
        let answer = answer.ok();
        let id = text(&answer["items"][0]["image"], "id").to_owned();
        progress.lock().await.stored.insert(id, number);
    }
}
